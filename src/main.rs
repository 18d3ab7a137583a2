//! The `byline` binary.

fn main() -> std::process::ExitCode {
    byline::cli::main()
}

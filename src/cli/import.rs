//! `byline import`: content of other systems in.

use super::say;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::import::{Counts, Entry, Options, Outcome, Progress, Report, markdown, wordpress};
use crate::service::App;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bring content in from elsewhere
///
/// An import can be run again at any time: what did not change in its source is left alone, what changed is updated, and
/// what an interrupted run left out is completed.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    source: Source,
}

#[derive(clap::Subcommand)]
enum Source {
    /// A WordPress export (Tools → Export → All content)
    Wordpress {
        /// The export, a WXR file
        file: PathBuf,
        /// Posts hold two languages, parted by this line
        #[arg(long, value_name = "LINE")]
        split: Option<String>,
        /// Take pictures from this copy of wp-content/uploads
        #[arg(long, value_name = "DIR")]
        media: Option<PathBuf>,
        /// Fetch pictures that are in no folder from their addresses
        #[arg(long)]
        fetch_media: bool,
        /// With --fetch-media: also from private networks
        #[arg(long, requires = "fetch_media")]
        allow_private_addresses: bool,
        #[command(flatten)]
        common: Common,
    },
    /// A folder with one folder for each story: ko.md, en.md, pictures
    Markdown {
        /// The folder
        folder: PathBuf,
        #[command(flatten)]
        common: Common,
    },
}

#[derive(clap::Args)]
struct Common {
    /// Do everything, report it and keep nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what there is to say about each story to this file, a JSON object a line; the last line is the summary
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Print the summary as JSON
    #[arg(long)]
    json: bool,
}

/// Runs an import. The exit code is 1 if anything could not be imported.
pub async fn run(mut config: Config, arguments: Arguments) -> Result<ExitCode> {
    // An import writes one story after the other. On SQLite, every other connection would only lose its page cache.
    config.http.connections = 1;
    let app = super::at_database(&config, App::open(&config).await)?;
    let (report, common) = match arguments.source {
        Source::Wordpress { file, split, media, fetch_media, allow_private_addresses, common } => {
            let options = Options { dry_run: common.dry_run, split, media, fetch_media, allow_private_addresses };
            let watch = Watch::new(&common)?;
            let report = wordpress::run(&app, &config.import, &file, &options, &watch).await?;
            watch.finish(&report)?;
            (report, common)
        }
        Source::Markdown { folder, common } => {
            let options = Options { dry_run: common.dry_run, ..Options::default() };
            let watch = Watch::new(&common)?;
            let report = markdown::run(&app, &config.import, &folder, &options, &watch).await?;
            watch.finish(&report)?;
            (report, common)
        }
    };
    if common.json {
        say(serde_json::to_string(&report).map_err(Error::internal)?);
    } else {
        say(summary(&report));
    }
    Ok(if report.is_complete() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What an import did, for people.
fn summary(report: &Report) -> String {
    let mut lines = Vec::new();
    let kinds = [
        ("articles", report.articles),
        ("variants", report.variants),
        ("authors", report.authors),
        ("tags", report.tags),
        ("sections", report.sections),
        ("images", report.images),
        ("collections", report.collections),
    ];
    for (name, counts) in kinds {
        let Counts { created, updated, unchanged, withdrawn, skipped, failed } = counts;
        let outcomes = [
            (created, "created"),
            (updated, "updated"),
            (unchanged, "unchanged"),
            (withdrawn, "withdrawn"),
            (skipped, "skipped"),
            (failed, "failed"),
        ];
        let said: Vec<String> = outcomes
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!("{number} {what}"))
            .collect();
        if !said.is_empty() {
            lines.push(format!("{name:<12} {}", said.join(", ")));
        }
    }
    let files = report.files;
    if files.read + files.fetched + files.missing > 0 {
        lines
            .push(format!("{:<12} {} read, {} fetched, {} missing", "files", files.read, files.fetched, files.missing));
    }
    for (what, number) in &report.left_out {
        lines.push(format!("{:<12} {number} {what}", "left out"));
    }
    if report.damaged > 0 {
        lines.push(format!("{:<12} {} places of the file could not be read", "damaged", report.damaged));
    }
    if report.dry_run {
        lines.push("nothing was kept: this was a dry run".to_owned());
    }
    lines.join("\n")
}

/// Shows how far an import is: a bar on a terminal, plain lines otherwise; writes the report file.
struct Watch {
    bar: Option<ProgressBar>,
    /// The tenth of the source that was announced last.
    announced: AtomicU64,
    file: Option<Mutex<BufWriter<File>>>,
}

impl Watch {
    fn new(common: &Common) -> Result<Self> {
        let file = match &common.report {
            Some(path) => {
                let file = File::create(path);
                let file =
                    file.map_err(|error| Error::invalid("--report", format!("`{}`: {error}", path.display())))?;
                Some(Mutex::new(BufWriter::new(file)))
            }
            None => None,
        };
        let bar = std::io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{bar:40} {percent:>3} %  {elapsed} gone, {eta} to go  {msg}");
            ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Ok(Self { bar, announced: AtomicU64::new(0), file })
    }

    fn write(&self, line: &impl serde::Serialize) {
        if let Some(file) = &self.file
            && let Ok(mut file) = file.lock()
            && let Ok(line) = serde_json::to_string(line)
        {
            let _ = writeln!(file, "{line}");
        }
    }

    fn finish(&self, report: &Report) -> Result<()> {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.write(report);
        match self.file.as_ref().map(Mutex::lock) {
            Some(Ok(mut file)) => file.flush().map_err(Error::internal),
            _ => Ok(()),
        }
    }
}

impl Progress for Watch {
    fn advanced(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
        } else if let Some(tenth) = (done * 10).checked_div(total)
            && self.announced.fetch_max(tenth, Ordering::Relaxed) < tenth
        {
            eprintln!("{} %", tenth * 10);
        }
    }

    fn noted(&self, entry: &Entry) {
        self.write(entry);
        let worth_saying = entry.outcome == Outcome::Failed || !entry.messages.is_empty();
        if worth_saying {
            let messages: Vec<String> =
                entry.messages.iter().map(|message| format!("{} → {}", message.what, message.became)).collect();
            let line = format!("{} {} ({}): {}", entry.kind, entry.id, entry.title, messages.join("; "));
            match &self.bar {
                Some(bar) => bar.suspend(|| eprintln!("{line}")),
                None => eprintln!("{line}"),
            }
        }
    }
}

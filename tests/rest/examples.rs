//! The examples of `docs/json.md` do what it says.

use crate::support::{Kind, Server, root};
use std::process::Command;

#[tokio::test]
async fn every_command_of_the_documentation_finds_something() {
    let server = Server::sample(Kind::Sqlite).await;
    let text = std::fs::read_to_string(root().join("docs/json.md")).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let mut count = 0;
    for command in blocks.flat_map(str::lines).filter(|line| line.starts_with("curl ")) {
        let command = command.replace("localhost:8080", server.address());
        let output = Command::new("sh")
            .args(["-c", &command.replacen("curl ", "curl --silent --show-error --fail ", 1)])
            .output();
        let output = output.unwrap();
        assert!(output.status.success() && !output.stdout.is_empty(), "{command}: {output:?}");
        count += 1;
    }
    assert!(count >= 5, "{count} commands were found");
}

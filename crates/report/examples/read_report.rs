//! Prints what is read from a report: `cargo run --release -p overread-report --example read_report -- FILE`.

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        println!("usage: read_report FILE");
        return;
    };
    let answer = std::fs::read(&path)
        .map_err(|error| error.to_string())
        .and_then(|bytes| report::read(&bytes, None).map_err(|error| error.to_string()));
    match answer.map(|report| serde_json::to_string_pretty(&report)) {
        Ok(Ok(json)) => println!("{json}"),
        Ok(Err(error)) => println!("{error}"),
        Err(error) => println!("{error}"),
    }
}

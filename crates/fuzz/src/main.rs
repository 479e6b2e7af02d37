//! `fuzz [TARGET…] [--seconds N] [--seed N] [--keep DIR] [--replay FILE…]`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use fuzz::{Hunt, TARGETS, Target};

const USAGE: &str =
    "fuzz [TARGET...] [--seconds N] [--seed N] [--keep DIR], or fuzz TARGET --replay FILE...";

#[derive(Debug)]
struct Wish {
    targets: Vec<Target>,
    seconds: u64,
    seed: u64,
    keep: Option<PathBuf>,
    replay: Vec<PathBuf>,
}

fn wish() -> Option<Wish> {
    let mut wish = Wish {
        targets: Vec::new(),
        seconds: 10,
        seed: 1,
        keep: None,
        replay: Vec::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => wish.seconds = args.next()?.parse().ok()?,
            "--seed" => wish.seed = args.next()?.parse().ok()?,
            "--keep" => wish.keep = Some(args.next()?.into()),
            "--replay" => wish.replay.extend(args.by_ref().map(PathBuf::from)),
            name => wish
                .targets
                .push(*TARGETS.iter().find(|target| target.name == name)?),
        }
    }
    if wish.targets.is_empty() {
        wish.targets = TARGETS.to_vec();
    }
    Some(wish)
}

fn main() -> ExitCode {
    let Some(wish) = wish() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    for path in &wish.replay {
        match std::fs::read(path) {
            Ok(bytes) => wish.targets.iter().for_each(|target| (target.run)(&bytes)),
            Err(error) => eprintln!("{}: {error}", path.display()),
        }
    }
    if !wish.replay.is_empty() {
        return ExitCode::SUCCESS;
    }
    let mut n_findings = 0;
    for target in &wish.targets {
        let hunt = Hunt {
            seed: wish.seed,
            max_runs: u64::MAX,
            max_time: Duration::from_secs(wish.seconds),
        };
        let tally = hunt.through(*target);
        println!(
            "{:<16} {:>10} inputs {:>4} findings",
            target.name,
            tally.n_runs,
            tally.findings.len()
        );
        for (i, finding) in tally.findings.iter().enumerate() {
            n_findings += 1;
            if let Some(folder) = &wish.keep {
                let path = folder.join(format!("{}-{i}", target.name));
                let kept = std::fs::create_dir_all(folder)
                    .and_then(|()| std::fs::write(&path, &finding.bytes));
                match kept {
                    Ok(()) => println!("  {}: {}", finding.what, path.display()),
                    Err(error) => println!("  {}: not kept ({error})", finding.what),
                }
            }
        }
    }
    ExitCode::from(u8::from(0 < n_findings))
}

//! `fuzz [TARGET…] [--seconds N] [--seed N] [--seeds DIR] [--keep DIR] [--replay FILE…]`

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use fuzz::{Hunt, TARGETS, Target};

const USAGE: &str = "fuzz [TARGET...] [--seconds N] [--seed N] [--seeds DIR] [--keep DIR], or fuzz TARGET --replay FILE...";

#[derive(Debug)]
struct Wish {
    targets: Vec<Target>,
    seconds: u64,
    seed: u64,
    /// Folder of good inputs to begin with instead of the target's own.
    seeds: Option<PathBuf>,
    keep: Option<PathBuf>,
    replay: Vec<PathBuf>,
}

fn wish() -> Option<Wish> {
    let mut wish = Wish {
        targets: Vec::new(),
        seconds: 10,
        seed: 1,
        seeds: None,
        keep: None,
        replay: Vec::new(),
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--seconds" => wish.seconds = args.next()?.parse().ok()?,
            "--seed" => wish.seed = args.next()?.parse().ok()?,
            "--seeds" => wish.seeds = Some(args.next()?.into()),
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

/// The files of a folder, those in folders below left out.
fn files_of(folder: &Path) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        paths.extend(path.is_file().then_some(path));
    }
    // A seed gives the same changes again only where the inputs come in the same order.
    paths.sort();
    paths.into_iter().map(std::fs::read).collect()
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
    let seeds = match wish.seeds.as_deref().map(files_of).transpose() {
        Ok(seeds) => seeds,
        Err(error) => {
            eprintln!("the good inputs cannot be read: {error}");
            return ExitCode::from(2);
        }
    };
    let mut n_findings = 0;
    for target in &wish.targets {
        let hunt = Hunt {
            seed: wish.seed,
            max_runs: u64::MAX,
            max_time: Duration::from_secs(wish.seconds),
        };
        let tally = match &seeds {
            Some(seeds) => hunt.through_from(*target, seeds),
            None => hunt.through(*target),
        };
        println!(
            "{:<16} {:>10} inputs {:>4} findings, slowest {:.3} s",
            target.name,
            tally.n_runs,
            tally.findings.len(),
            tally.slowest.as_ref().map_or(0.0, |s| s.took.as_secs_f64())
        );
        if let (Some(folder), Some(slowest)) = (&wish.keep, &tally.slowest) {
            let path = folder.join(format!("{}-slowest", target.name));
            let kept = std::fs::create_dir_all(folder)
                .and_then(|()| std::fs::write(&path, &slowest.bytes));
            if let Err(error) = kept {
                println!("  the slowest was not kept ({error})");
            }
        }
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

//! `phantom --seed N --out DIR [--slices 240] [--matrix 512]`: writes one synthetic case with its
//! truth; a case that is there already in this version is kept.

use std::path::PathBuf;
use std::process::ExitCode;

use phantom::Options;

const USAGE: &str = "usage: phantom --seed N --out DIR [--slices 240] [--matrix 512]";

struct Arguments {
    seed: u64,
    out: PathBuf,
    options: Options,
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let (mut seed, mut out, mut options) = (1, None, Options::default());
    while let Some(name) = words.next() {
        let value = words
            .next()
            .ok_or_else(|| format!("{name} needs a value; {USAGE}"))?;
        let number = || {
            value
                .parse::<u64>()
                .map_err(|_| format!("{name} needs a whole number; {USAGE}"))
        };
        match name.as_str() {
            "--seed" => seed = number()?,
            "--slices" => options.n_slices = number()? as usize,
            "--matrix" => options.matrix = number()? as usize,
            "--out" => out = Some(PathBuf::from(&value)),
            _ => return Err(format!("{name} is not an option; {USAGE}")),
        }
    }
    let out = out.ok_or_else(|| format!("--out is missing; {USAGE}"))?;
    Ok(Arguments { seed, out, options })
}

fn main() -> ExitCode {
    let written = parse(std::env::args().skip(1)).and_then(|arguments| {
        phantom::ensure_at(&arguments.out, arguments.seed, &arguments.options)
            .map_err(|error| error.to_string())?;
        Ok(arguments.out)
    });
    match written {
        Ok(out) => {
            println!("{}", out.display());
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

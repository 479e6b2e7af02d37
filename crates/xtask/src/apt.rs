//! Brings what a machine lacks, through apt where that is allowed.

use std::env;
use std::io::stderr;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};
use crate::machine::{Need, lacking};
use crate::probe::on_path;

/// Who may install packages here without being asked.
enum Way {
    /// This user is root.
    Root,
    /// `sudo` works without a password.
    Sudo,
}

/// Says what the machine lacks and why, and installs it.
///
/// On a system without apt it only says so and goes on: the probes know Debian's places, and a machine
/// that keeps the same things elsewhere may well succeed.
///
/// # Errors
/// Fails with the names of the packages when they may not be installed, or when apt fails.
pub(crate) fn provide(needs: Vec<&'static Need>) -> Outcome<()> {
    let lacked = lacking(needs);
    if lacked.is_empty() {
        return Ok(());
    }
    eprintln!("This machine lacks:");
    for need in &lacked {
        eprintln!("  {}: {} (package {})", need.what, need.why, need.package);
    }
    if !on_path("apt-get") {
        eprintln!(
            "There is no apt here. If the next step fails, install these with this system's package manager."
        );
        return Ok(());
    }
    let packages = packages_of(&lacked);
    match way()? {
        Ok(way) => install(&way, &packages)?,
        Err(reason) => {
            return Err(Failure::new(format!(
                "{reason}; please give: sudo apt-get install --no-install-recommends {}",
                packages.join(" ")
            )));
        }
    }
    let still: Vec<_> = lacking(lacked).iter().map(|need| need.what).collect();
    if still.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "apt installed the packages, yet this is still lacking: {}; look at the lines of apt above",
        still.join(", ")
    )))
}

fn packages_of(lacked: &[&Need]) -> Vec<&'static str> {
    let mut packages: Vec<_> = lacked.iter().map(|need| need.package).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

/// How packages can be installed, or the reason why they cannot be.
fn way() -> Outcome<Result<Way, &'static str>> {
    if env::var_os("OVERREAD_NO_APT").is_some_and(|value| !value.is_empty()) {
        return Ok(Err("OVERREAD_NO_APT forbids installing packages"));
    }
    let id = Command::new("id").arg("-u").output().map_err(|error| {
        Failure::new(format!(
            "cannot ask which user this is, because `id` does not start: {error}"
        ))
    })?;
    if id.stdout.trim_ascii() == b"0" {
        return Ok(Ok(Way::Root));
    }
    let sudo = Command::new("sudo")
        .args(["-n", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    Ok(match sudo {
        Ok(status) if status.success() => Ok(Way::Sudo),
        Ok(_) => Err("installing packages needs the administrator's password"),
        Err(_) => Err("installing packages needs the administrator"),
    })
}

fn install(way: &Way, packages: &[&str]) -> Outcome<()> {
    eprintln!("Installing through apt: {}", packages.join(" "));
    apt_get(way, &["-qq", "update"])?;
    let mut arguments = vec!["-qq", "install", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    apt_get(way, &arguments)
}

fn apt_get(way: &Way, arguments: &[&str]) -> Outcome<()> {
    // Through `env`, because sudo drops variables that are set outside it.
    let mut command = match way {
        Way::Root => Command::new("env"),
        Way::Sudo => {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]);
            sudo
        }
    };
    let status = command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
        .args(arguments)
        .stdin(Stdio::null())
        // Standard output belongs to the answer of the command, whose last line others read.
        .stdout(stderr())
        .status()
        .map_err(|error| Failure::new(format!("apt-get does not start: {error}")))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!(
        "`apt-get {}` failed ({status}); its own lines above say why",
        arguments.join(" ")
    )))
}

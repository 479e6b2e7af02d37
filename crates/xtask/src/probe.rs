//! Asks the machine whether it has one thing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// A question that the machine can answer without changing anything.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Probe {
    /// A program on the path.
    Program(&'static str),
    /// A header of the C library.
    Header(&'static str),
    /// A shared library that the loader would find.
    Library(&'static str),
    /// A Vulkan driver of any kind.
    AnyVulkanDriver,
    /// Mesa's driver that draws on the processor.
    SoftwareVulkanDriver,
}

impl Probe {
    /// Whether the machine has it.
    pub(crate) fn answers_yes(self) -> bool {
        match self {
            Self::Program(name) => on_path(name),
            Self::Header(name) => Path::new("/usr/include").join(name).exists(),
            Self::Library(name) => loader_finds(name),
            Self::AnyVulkanDriver => !vulkan_manifests().is_empty(),
            Self::SoftwareVulkanDriver => vulkan_manifests().iter().any(|file| is_software(file)),
        }
    }
}

/// Whether this machine has a graphics device that a Vulkan driver could use.
pub(crate) fn has_graphics_device() -> bool {
    Path::new("/dev/dri").exists() || Path::new("/dev/nvidia0").exists()
}

/// Whether a program of this name can be started.
pub(crate) fn on_path(name: &str) -> bool {
    env::var_os("PATH")
        .is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

fn loader_finds(name: &str) -> bool {
    let in_own_path = env::var_os("LD_LIBRARY_PATH")
        .is_some_and(|path| env::split_paths(&path).any(|dir| dir.join(name).exists()));
    // An ordinary user's path on Debian does not hold /sbin.
    let cache = ["/sbin/ldconfig", "ldconfig"]
        .iter()
        .find_map(|program| Command::new(program).arg("-p").output().ok());
    match cache {
        Some(output) if output.status.success() => {
            in_own_path
                || cache_lists(
                    &String::from_utf8_lossy(&output.stdout),
                    name,
                    env::consts::ARCH,
                )
        }
        _ => {
            in_own_path
                || ["/usr/lib64", "/usr/lib", "/lib"]
                    .iter()
                    .any(|dir| Path::new(dir).join(name).exists())
        }
    }
}

/// Whether the loader's cache lists the library for this processor. A line of it reads
/// `\tlibX11-xcb.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libX11-xcb.so.1`; one library may be listed
/// for two processors.
fn cache_lists(cache: &str, name: &str, arch: &str) -> bool {
    let label = match arch {
        "x86_64" => "x86-64",
        "aarch64" => "AArch64",
        _ => "",
    };
    cache.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next() == Some(name) && words.next().is_some_and(|kind| kind.contains(label))
    })
}

/// The driver manifests that the Vulkan loader would read.
fn vulkan_manifests() -> Vec<PathBuf> {
    for variable in ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        if let Some(files) = env::var_os(variable) {
            return env::split_paths(&files)
                .filter(|file| file.exists())
                .collect();
        }
    }
    [
        "/etc/vulkan/icd.d",
        "/usr/share/vulkan/icd.d",
        "/usr/local/share/vulkan/icd.d",
    ]
    .iter()
    .filter_map(|dir| fs::read_dir(dir).ok())
    .flatten()
    .flatten()
    .map(|entry| entry.path())
    .filter(|file| {
        file.extension()
            .is_some_and(|extension| extension == "json")
    })
    .collect()
}

fn is_software(manifest: &Path) -> bool {
    manifest
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("lvp_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CACHE: &str = "2 libs found in cache `/etc/ld.so.cache'
\tlibXi.so.6 (libc6,x86-64) => /lib/x86_64-linux-gnu/libXi.so.6
\tlibXcursor.so.1 (libc6) => /lib/i386-linux-gnu/libXcursor.so.1
\tlibvulkan.so.1 (libc6,AArch64) => /lib/aarch64-linux-gnu/libvulkan.so.1
";

    #[test]
    fn a_library_counts_only_for_this_processor() {
        for (name, arch, expected) in [
            ("libXi.so.6", "x86_64", true),
            ("libXi.so.6", "aarch64", false),
            ("libXcursor.so.1", "x86_64", false),
            ("libvulkan.so.1", "aarch64", true),
            ("libXi.so", "x86_64", false),
            ("libX11.so.6", "x86_64", false),
        ] {
            assert_eq!(cache_lists(CACHE, name, arch), expected, "{name} on {arch}");
        }
    }

    #[test]
    fn only_mesas_processor_driver_is_software() {
        assert!(is_software(Path::new(
            "/usr/share/vulkan/icd.d/lvp_icd.x86_64.json"
        )));
        assert!(!is_software(Path::new(
            "/usr/share/vulkan/icd.d/radeon_icd.x86_64.json"
        )));
        assert!(!is_software(Path::new(
            "/usr/share/vulkan/icd.d/nvidia_icd.json"
        )));
    }

    #[test]
    fn a_program_that_nobody_has_is_not_on_the_path() {
        assert!(!on_path("no-such-program-of-overread"));
    }
}

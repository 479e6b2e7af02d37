//! What building, drawing, testing and opening a window need from the machine, as data.

use std::env;

use crate::probe::{Probe, has_graphics_device};

/// One thing that must be there, and the words for a machine without it.
#[derive(Debug)]
pub(crate) struct Need {
    /// Its name, as a person would look for it.
    pub(crate) what: &'static str,
    /// Which part of Overread fails without it.
    pub(crate) why: &'static str,
    /// The package of Debian and Ubuntu that brings it.
    pub(crate) package: &'static str,
    /// How to see whether it is there.
    pub(crate) probe: Probe,
}

const BUILD: &[Need] = &[
    Need {
        what: "a C compiler and linker (cc)",
        why: "Rust links with it, and SQLite is C",
        package: "gcc",
        probe: Probe::Program("cc"),
    },
    Need {
        what: "the C library's headers",
        why: "nothing links without them",
        package: "libc6-dev",
        probe: Probe::Header("stdio.h"),
    },
];

const VULKAN_LOADER: Need = Need {
    what: "the Vulkan loader",
    why: "every picture is drawn through it",
    package: "libvulkan1",
    probe: Probe::Library("libvulkan.so.1"),
};

const DRAW_ANYHOW: &[Need] = &[
    VULKAN_LOADER,
    Need {
        what: "a Vulkan driver",
        why: "every picture is drawn through it",
        package: "mesa-vulkan-drivers",
        probe: Probe::AnyVulkanDriver,
    },
];

const DRAW_IN_SOFTWARE: &[Need] = &[
    VULKAN_LOADER,
    Need {
        what: "Mesa's software Vulkan driver (lavapipe)",
        why: "it draws where there is no graphics card, and the same on every machine",
        package: "mesa-vulkan-drivers",
        probe: Probe::SoftwareVulkanDriver,
    },
];

const X11_WINDOW: &[Need] = &[
    Need {
        what: "libX11-xcb",
        why: "a window under X11 needs it",
        package: "libx11-xcb1",
        probe: Probe::Library("libX11-xcb.so.1"),
    },
    Need {
        what: "libxkbcommon-x11",
        why: "the keyboard under X11 needs it",
        package: "libxkbcommon-x11-0",
        probe: Probe::Library("libxkbcommon-x11.so.0"),
    },
    Need {
        what: "libXcursor",
        why: "the mouse pointer under X11 needs it",
        package: "libxcursor1",
        probe: Probe::Library("libXcursor.so.1"),
    },
    Need {
        what: "libXi",
        why: "mouse and keyboard events under X11 need it",
        package: "libxi6",
        probe: Probe::Library("libXi.so.6"),
    },
    Need {
        what: "libXrandr",
        why: "screen sizes under X11 need it",
        package: "libxrandr2",
        probe: Probe::Library("libXrandr.so.2"),
    },
];

const WAYLAND_WINDOW: &[Need] = &[
    Need {
        what: "libwayland-client",
        why: "a window under Wayland needs it",
        package: "libwayland-client0",
        probe: Probe::Library("libwayland-client.so.0"),
    },
    Need {
        what: "libxkbcommon",
        why: "the keyboard under Wayland needs it",
        package: "libxkbcommon0",
        probe: Probe::Library("libxkbcommon.so.0"),
    },
];

/// Where a window can be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Display {
    /// `WAYLAND_DISPLAY` is set.
    Wayland,
    /// `DISPLAY` is set.
    X11,
    /// Neither is set, but the system is one whose windows need no such variable.
    Native,
    /// There is no display.
    None,
}

impl Display {
    /// Reads the variables that the windowing systems set.
    pub(crate) fn of_this_machine() -> Self {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        if !cfg!(target_os = "linux") {
            Self::Native
        } else if is_set("WAYLAND_DISPLAY") {
            Self::Wayland
        } else if is_set("DISPLAY") {
            Self::X11
        } else {
            Self::None
        }
    }
}

/// What `cargo demo` needs on a machine with this display.
pub(crate) fn needs_of_demo(display: Display) -> Vec<&'static Need> {
    let draw = if has_graphics_device() {
        DRAW_ANYHOW
    } else {
        DRAW_IN_SOFTWARE
    };
    let window = match display {
        Display::Wayland => WAYLAND_WINDOW,
        Display::X11 => X11_WINDOW,
        Display::Native | Display::None => &[],
    };
    on_linux([BUILD, draw, window])
}

/// What `cargo accept` needs: its pictures are compared with pictures of the software driver.
pub(crate) fn needs_of_accept() -> Vec<&'static Need> {
    on_linux([BUILD, DRAW_IN_SOFTWARE, &[]])
}

/// Those of the needs that the machine does not meet.
pub(crate) fn lacking(needs: Vec<&'static Need>) -> Vec<&'static Need> {
    needs
        .into_iter()
        .filter(|need| !need.probe.answers_yes())
        .collect()
}

/// Prints what the machine lacks for either command.
pub(crate) fn describe() {
    let display = Display::of_this_machine();
    for (command, needs) in [
        ("cargo demo", needs_of_demo(display)),
        ("cargo accept", needs_of_accept()),
    ] {
        let lacking = lacking(needs);
        if lacking.is_empty() {
            println!("{command}: this machine has everything.");
        }
        for need in lacking {
            println!(
                "{command}: {} is lacking; {} (package {}).",
                need.what, need.why, need.package
            );
        }
    }
    match display {
        Display::None => println!("There is no display, so the demo would run without a window."),
        display => println!("The demo would open a window ({display:?})."),
    }
    println!("Fonts and icons: the program carries its own.");
}

/// Other systems bring a graphics driver and windows with them, and a toolchain that links.
fn on_linux(groups: [&'static [Need]; 3]) -> Vec<&'static Need> {
    if cfg!(target_os = "linux") {
        groups.into_iter().flatten().collect()
    } else {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_display_asks_for_its_own_libraries_and_no_others() {
        for (display, expected, unwanted) in [
            (Display::X11, "libxcursor1", "libwayland-client0"),
            (Display::Wayland, "libwayland-client0", "libxcursor1"),
        ] {
            let packages: Vec<_> = needs_of_demo(display)
                .iter()
                .map(|need| need.package)
                .collect();
            assert!(packages.contains(&expected), "{display:?} {packages:?}");
            assert!(!packages.contains(&unwanted), "{display:?} {packages:?}");
        }
        let packages: Vec<_> = needs_of_demo(Display::None)
            .iter()
            .map(|need| need.package)
            .collect();
        assert!(
            packages.iter().all(|package| !package.starts_with("libx")),
            "{packages:?}"
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_linker_script_installs_every_package_of_the_build() {
        let script = include_str!("../../../.cargo/cc");
        let packages = script
            .lines()
            .find_map(|line| line.strip_prefix("packages="))
            .expect("the script names its packages on one line")
            .trim_matches('"');
        for need in BUILD {
            assert!(
                packages.split(' ').any(|package| package == need.package),
                "{}",
                need.package
            );
        }
    }

    #[test]
    fn what_no_machine_has_is_lacking() {
        static NEED: Need = Need {
            what: "nothing",
            why: "no reason",
            package: "none",
            probe: Probe::Program("no-such-program-of-overread"),
        };
        assert_eq!(lacking(vec![&NEED]).len(), 1);
    }
}

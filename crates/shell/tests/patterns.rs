//! Test patterns reach the screen with the very code values they state, and their keys are theirs alone.

#![allow(clippy::unwrap_used, clippy::panic)]

use egui::{Event, Key, Modifiers};
use session::commands::ShellAction;
use session::{Actor, PicturesBy, Session, SessionOptions, TestPattern, system_clock};
use shell::offscreen::Offscreen;
use shell::{ShellError, ThemeChoice};

const SIZE: [u32; 2] = [640, 480];

fn press(key: Key) -> Event {
    Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    }
}

fn pixels(screen: &Offscreen) -> Vec<u8> {
    let png = screen.png().unwrap();
    image::load_from_memory(&png).unwrap().to_rgba8().into_raw()
}

#[test]
fn every_pixel_of_a_pattern_has_its_code_value() {
    let dir = tempfile::tempdir().unwrap();
    // Points and pixels need not be the same, and a pixel of the pattern is always one of the screen.
    for pixels_per_point in [1.0, 1.25, 2.0] {
        let mut screen = match Offscreen::new(SIZE, pixels_per_point) {
            Ok(screen) => screen,
            Err(ShellError::NoAdapter(_)) => {
                println!("there is no adapter to draw with: 1 graphics test skipped");
                return;
            }
            Err(error) => panic!("{error}"),
        };
        let session = Session::open(SessionOptions {
            store_dir: dir.path().join(format!("store-{pixels_per_point}")),
            actor: Actor::new("reader"),
            clock: system_clock(),
            trace: None,
            pictures: PicturesBy::Session,
        })
        .unwrap();
        let mut shell = screen.shell(session, ThemeChoice::Dark);
        screen.frame(&mut shell, Vec::new());
        let ctx = screen.context().clone();
        shell.act(ShellAction::TestPatterns, &ctx);
        // Without the bar the whole window is the pattern.
        screen.frame(&mut shell, vec![press(Key::H)]);
        for (idx, pattern) in TestPattern::all().into_iter().enumerate() {
            let events = if idx == 0 {
                Vec::new()
            } else {
                vec![press(Key::ArrowRight)]
            };
            screen.frame(&mut shell, events);
            screen.frame(&mut shell, Vec::new());
            let drawn = pixels(&screen);
            let expected = pattern.draw(SIZE.map(|n| n as usize));
            let n_wrong = drawn
                .chunks_exact(4)
                .zip(&expected.codes)
                .filter(|(rgba, code)| rgba[..3] != [**code; 3])
                .count();
            assert_eq!(
                n_wrong, 0,
                "{pattern:?} at {pixels_per_point} pixels a point"
            );
        }
        screen.frame(&mut shell, vec![press(Key::Escape)]);
        screen.frame(&mut shell, Vec::new());
        let after = pixels(&screen);
        let white = TestPattern::Uniform(17).draw(SIZE.map(|n| n as usize));
        let same = after
            .chunks_exact(4)
            .zip(&white.codes)
            .filter(|(p, c)| p[0] == **c);
        assert!(
            same.count() < white.codes.len() / 2,
            "Escape closes the patterns"
        );
    }
}

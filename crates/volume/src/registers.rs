//! Loops compiled for processors with longer registers than every one of their kind has.

/// A loop over arrays that is compiled for each length of registers.
pub(crate) trait Loop {
    /// To be inlined, with all that it calls; otherwise it is compiled once, for every processor.
    fn run(self);
}

/// Runs a loop as this processor does it fastest. The answer does not depend on the processor.
pub(crate) fn run(work: impl Loop) {
    #[cfg(target_arch = "x86_64")]
    if by_512_bits::is_here() {
        return by_512_bits::run(work);
    } else if by_256_bits::is_here() {
        return by_256_bits::run(work);
    }
    work.run();
}

/// Loops for registers of one length, to be called where the processor has them only.
macro_rules! compiled_for {
    ($name:ident, $features:literal, [$($feature:tt),+]) => {
        #[cfg(target_arch = "x86_64")]
        pub(crate) mod $name {
            use super::Loop;

            pub fn is_here() -> bool {
                $(is_x86_feature_detected!($feature))&&+
            }

            pub fn run(work: impl Loop) {
                assert!(is_here());
                // The processor was asked the line before. A maximum over 29 oblique layers of 1024 x 1024 pixels takes
                // 146 ms with 256 bits and 95 ms with 512, instead of 290 ms.
                #[allow(unsafe_code)]
                unsafe {
                    run_here(work);
                }
            }

            #[target_feature(enable = $features)]
            fn run_here(work: impl Loop) {
                work.run();
            }
        }
    };
}
compiled_for!(by_256_bits, "avx2", ["avx2"]);
compiled_for!(
    by_512_bits,
    "avx512f,avx512bw,avx512dq,avx512vl",
    ["avx512f", "avx512bw", "avx512dq", "avx512vl"]
);

//! The loop of linear samples for processors with longer registers than every one of their kind has.

/// The registers that the loop of linear samples is compiled for.
pub(crate) enum Registers {
    /// Those that every processor of its kind has.
    Any,
    #[cfg(target_arch = "x86_64")]
    /// AVX2.
    Bits256,
    #[cfg(target_arch = "x86_64")]
    /// AVX-512 with the parts for bytes, for 64-bit integers and for shorter registers.
    Bits512,
}

impl Registers {
    /// Those of this processor.
    pub fn here() -> Self {
        #[cfg(target_arch = "x86_64")]
        if by_512_bits::is_here() {
            return Self::Bits512;
        } else if by_256_bits::is_here() {
            return Self::Bits256;
        }
        Self::Any
    }
}

/// The same loops compiled for registers of a length, to be called where the processor has them only.
macro_rules! compiled_for {
    ($name:ident, $features:literal, [$($feature:tt),+]) => {
        #[cfg(target_arch = "x86_64")]
        pub(crate) mod $name {
            use std::ops::Range;

            use crate::lattice::{Lattice, Mapping, Row};
            use crate::values::Scalar;

            pub fn is_here() -> bool {
                $(is_x86_feature_detected!($feature))&&+
            }

            pub fn run<T: Scalar>(
                lattice: &Lattice<T>,
                mapping: &impl Mapping,
                of: (&Row, Range<usize>),
                out: &mut [f64],
            ) {
                assert!(is_here());
                // The processor was asked the line before. A maximum over 29 oblique layers takes 146 ms with 256 bits
                // and 95 ms with 512, instead of 290 ms.
                #[allow(unsafe_code)]
                unsafe {
                    run_here(lattice, mapping, of, out);
                }
            }

            #[target_feature(enable = $features)]
            fn run_here<T: Scalar>(
                lattice: &Lattice<T>,
                mapping: &impl Mapping,
                of: (&Row, Range<usize>),
                out: &mut [f64],
            ) {
                lattice.linear_in_lanes(mapping, of, out);
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

//! Bytes looked at 16 or 64 at a time: where quotes, brackets and other signs stand, as one bit for each byte.
//!
//! This is what makes passing over a value several times as fast as reading it: sixteen comparisons are one instruction.

use wide::u8x16;

/// How many bytes a [`Block`] covers.
pub const BLOCK: usize = 64;

/// The signs in 64 bytes, one bit a byte, the first byte's lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// `"`
    pub quotes: u64,
    /// `\`
    pub backslashes: u64,
    /// `{` and `[`
    pub opening: u64,
    /// `}` and `]`
    pub closing: u64,
    /// Bytes below the space.
    pub controls: u64,
}

impl Block {
    /// Look at 64 bytes.
    #[inline]
    pub fn of(bytes: &[u8; BLOCK]) -> Self {
        let mut block = Self::default();
        let (pieces, _) = bytes.as_chunks::<LANE>();
        for (n, piece) in pieces.iter().enumerate() {
            let (lane, shift) = (Lane::load(piece), n * LANE);
            block.quotes |= u64::from(lane.equal(b'"')) << shift;
            block.backslashes |= u64::from(lane.equal(b'\\')) << shift;
            // Bit 0x20 is all that parts `[` from `{` and `]` from `}`.
            let brackets = lane.with_bit(0x20);
            block.opening |= u64::from(brackets.equal(b'{')) << shift;
            block.closing |= u64::from(brackets.equal(b'}')) << shift;
            block.controls |= u64::from(lane.below_space()) << shift;
        }
        block
    }
}

/// How many bytes [`special`] looks at.
pub const LANE: usize = 16;

/// Where in 16 bytes a string may end or break: quotes, backslashes and bytes below the space, one bit a byte.
#[inline]
pub fn special(bytes: &[u8; LANE]) -> u16 {
    let lane = Lane::load(bytes);
    lane.equal(b'"') | lane.equal(b'\\') | lane.below_space()
}

/// 16 bytes side by side.
#[derive(Clone, Copy)]
struct Lane(u8x16);

impl Lane {
    #[inline]
    fn load(bytes: &[u8; LANE]) -> Self {
        Self(u8x16::new(*bytes))
    }

    #[inline]
    fn equal(self, byte: u8) -> u16 {
        self.0.simd_eq(u8x16::splat(byte)).to_bitmask() as u16
    }

    #[inline]
    fn below_space(self) -> u16 {
        self.0.min(u8x16::splat(b' ' - 1)).simd_eq(self.0).to_bitmask() as u16
    }

    #[inline]
    fn with_bit(self, bit: u8) -> Self {
        Self(self.0 | u8x16::splat(bit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bits(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
        bytes.iter().enumerate().map(|(at, byte)| u64::from(is(*byte)) << at).sum()
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![any::<u8>(), prop::sample::select(b"\"\\{}[]\x1f\x20\x7f\x80\xdb\xff".to_vec())]
    }

    proptest! {
        #[test]
        fn each_byte_has_its_bit(bytes in prop::collection::vec(byte(), BLOCK)) {
            let block = Block::of(bytes[..].try_into().unwrap());
            prop_assert_eq!(block, Block {
                quotes: bits(&bytes, |byte| byte == b'"'),
                backslashes: bits(&bytes, |byte| byte == b'\\'),
                opening: bits(&bytes, |byte| matches!(byte, b'{' | b'[')),
                closing: bits(&bytes, |byte| matches!(byte, b'}' | b']')),
                controls: bits(&bytes, |byte| byte < b' '),
            });
            let lane: &[u8; LANE] = bytes[..LANE].try_into().unwrap();
            prop_assert_eq!(u64::from(special(lane)), bits(lane, |byte| matches!(byte, b'"' | b'\\' | 0..0x20)));
        }
    }
}

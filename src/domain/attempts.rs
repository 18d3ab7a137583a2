//! How signing in slows down when it fails, without a stranger shutting an editor out.
//!
//! Failures are counted for an account at an address, for an address whatever the account, and for an account from
//! all addresses. Who signed in from an address before is slowed down there by the first count only: nobody elsewhere,
//! and nobody with another account's name, can keep them out.

/// What failures are counted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// One account at one address.
    Pair,
    /// One address, whatever the account.
    Address,
    /// One account, whatever the address.
    Account,
}

/// The longest that anybody waits, in seconds.
pub const LONGEST_WAIT: u64 = 15 * 60;

/// Failures are forgotten when there was none for so many seconds.
pub const FORGOTTEN_AFTER: u64 = 24 * 60 * 60;

impl Counted {
    /// How many failures cost nothing. Offices share addresses; nobody mistypes one password ten times.
    fn free(self) -> u32 {
        match self {
            Self::Pair => 5,
            Self::Address => 20,
            Self::Account => 10,
        }
    }

    /// The counts that matter.
    pub fn that_matter(known_address: bool) -> &'static [Self] {
        if known_address { &[Self::Pair] } else { &[Self::Pair, Self::Address, Self::Account] }
    }

    /// How many seconds have to pass after so many failures: 2, 4, 8 … to a quarter of an hour.
    fn pause(self, failures: u32) -> u64 {
        match failures.saturating_sub(self.free() - 1) {
            0 => 0,
            over => 2u64.checked_pow(over).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT),
        }
    }

    /// How many more seconds to wait, where the last of so many failures was so many seconds ago.
    pub fn wait(self, failures: u32, seconds_ago: u64) -> u64 {
        self.pause(failures).saturating_sub(seconds_ago)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_failures_cost_nothing_and_more_cost_ever_longer() {
        let waits: Vec<u64> = (0..16).map(|failures| Counted::Pair.wait(failures, 0)).collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!((Counted::Account.wait(9, 0), Counted::Account.wait(10, 0)), (0, 2));
        assert_eq!((Counted::Address.wait(19, 0), Counted::Address.wait(20, 0)), (0, 2));
    }

    #[test]
    fn nobody_waits_longer_than_a_quarter_of_an_hour() {
        assert_eq!(Counted::Pair.wait(u32::MAX, 0), LONGEST_WAIT);
        assert_eq!(Counted::Pair.wait(u32::MAX, LONGEST_WAIT - 1), 1);
        assert_eq!(Counted::Pair.wait(u32::MAX, LONGEST_WAIT), 0);
    }

    #[test]
    fn where_somebody_signed_in_before_only_their_own_failures_count() {
        assert_eq!(Counted::that_matter(true), [Counted::Pair]);
        assert!(Counted::that_matter(false).contains(&Counted::Account));
    }
}

//! The states of a variant and the ways from one to another.

use super::named::named;

named! {
    /// Where a variant stands. A published one goes on being edited: its newer revision waits beside what readers see.
    State "state" {
        /// Being written.
        Draft "DRAFT",
        /// Waiting for an editor.
        InReview "IN_REVIEW",
        /// Will be published at a time.
        Scheduled "SCHEDULED",
        /// Readers see it.
        Published "PUBLISHED",
        /// Readers saw it once and are told that it was withdrawn.
        Withdrawn "WITHDRAWN",
    }
}

named! {
    /// What somebody wants to do with a variant.
    Transition "transition" {
        /// Hand it to an editor.
        Submit "SUBMIT",
        /// Give it back to its writer.
        SendBack "SEND_BACK",
        /// Publish it at a time.
        Schedule "SCHEDULE",
        /// Publish it now, or publish again what was edited since.
        Publish "PUBLISH",
        /// Take it from the readers.
        Withdraw "WITHDRAW",
        /// Work on a withdrawn one again.
        Reopen "REOPEN",
    }
}

/// A way that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a variant that is {from} cannot {transition}")]
pub struct IllegalTransition {
    /// Where the variant stands.
    pub from: State,
    /// What was wanted.
    pub transition: Transition,
}

/// Where a transition leads.
pub fn turn(from: State, transition: Transition) -> Result<State, IllegalTransition> {
    use State::{Draft, InReview, Published, Scheduled, Withdrawn};
    match (from, transition) {
        (Draft, Transition::Submit) => Ok(InReview),
        (InReview | Scheduled, Transition::SendBack) => Ok(Draft),
        (InReview | Scheduled, Transition::Schedule) => Ok(Scheduled),
        (InReview | Scheduled | Published, Transition::Publish) => Ok(Published),
        (Published, Transition::Withdraw) => Ok(Withdrawn),
        (Withdrawn, Transition::Reopen) => Ok(Draft),
        _ => Err(IllegalTransition { from, transition }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_transition_leads_somewhere_or_is_refused_by_name() {
        // Rows: states in the order of State::ALL; columns: transitions in the order of Transition::ALL.
        let table = [
            "IN_REVIEW -     -         -         -         -",
            "-         DRAFT SCHEDULED PUBLISHED -         -",
            "-         DRAFT SCHEDULED PUBLISHED -         -",
            "-         -     -         PUBLISHED WITHDRAWN -",
            "-         -     -         -         -         DRAFT",
        ];
        for (from, row) in State::ALL.iter().zip(table) {
            for (transition, expected) in Transition::ALL.iter().zip(row.split_whitespace()) {
                let found = turn(*from, *transition);
                match expected {
                    "-" => assert_eq!(found, Err(IllegalTransition { from: *from, transition: *transition })),
                    state => assert_eq!(found.unwrap().as_str(), state),
                }
            }
        }
        let refused = turn(State::Draft, Transition::Publish).unwrap_err();
        assert_eq!(refused.to_string(), "a variant that is DRAFT cannot PUBLISH");
    }
}

//! Who may do what: role × action × state, as one pure function.
//!
//! Whether the workflow knows the way is [`super::workflow`]'s matter; this only says whether somebody may ask for it.

use super::actor::{Actor, Role, Scope, Who};
use super::named::named;
use super::workflow::State;

named! {
    /// What somebody wants to do on the desk.
    Action "action" {
        /// See that it exists and what it says.
        Read "READ",
        /// Begin a story.
        CreateArticle "CREATE_ARTICLE",
        /// Change what all languages of a story share, or put it into the archive.
        EditArticle "EDIT_ARTICLE",
        /// Change what a story says in a language.
        EditVariant "EDIT_VARIANT",
        /// Open a story in another language.
        Translate "TRANSLATE",
        /// Say that a translation was read against its source.
        Review "REVIEW",
        /// Hand it to an editor.
        Submit "SUBMIT",
        /// Give it back to its writer.
        SendBack "SEND_BACK",
        /// Set when it is to be published or withdrawn.
        Schedule "SCHEDULE",
        /// Show it to readers.
        Publish "PUBLISH",
        /// Take it from readers.
        Withdraw "WITHDRAW",
        /// Work on a withdrawn one again.
        Reopen "REOPEN",
        /// Add a public note to what readers see.
        Correct "CORRECT",
        /// Let somebody see a revision before it is published.
        Preview "PREVIEW",
        /// Change authors, tags, sections and images: live when saved.
        EditEntity "EDIT_ENTITY",
        /// Change and publish front pages and series.
        PublishCollection "PUBLISH_COLLECTION",
        /// Bring content in from elsewhere.
        Import "IMPORT",
        /// Read who did what.
        ReadAudit "READ_AUDIT",
        /// Add, change and disable people and keys.
        ManagePeople "MANAGE_PEOPLE",
        /// See partners, what they were told and what they read.
        ReadPartners "READ_PARTNERS",
        /// Add, change and disable partners, their keys and their endpoints.
        ManagePartners "MANAGE_PARTNERS",
    }
}

/// What it is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Subject {
    /// Where the variant stands; for what concerns a whole story, where its original stands.
    pub state: Option<State>,
    /// Whether it is in the language that the story was first written in.
    pub original: bool,
    /// Whether who asks began it.
    pub own: bool,
}

/// The table. `subject` is ignored by what is not done to a story.
pub fn may(role: Role, action: Action, subject: Subject) -> bool {
    match role {
        Role::Admin => true,
        Role::Editor => !matches!(action, Action::ReadAudit | Action::ManagePeople | Action::ManagePartners),
        Role::Reporter => reporter_may(action, subject),
        Role::Translator => translator_may(action, subject),
        Role::Reader => false,
    }
}

/// Reporters write stories of their own, until they hand them in.
fn reporter_may(action: Action, subject: Subject) -> bool {
    let draft = subject.state.is_none_or(|state| state == State::Draft);
    match action {
        Action::CreateArticle => true,
        Action::Read => subject.own || subject.state == Some(State::Published),
        Action::Preview => subject.own,
        Action::EditArticle => subject.own && draft,
        Action::EditVariant | Action::Submit => subject.own && subject.original && draft,
        _ => false,
    }
}

/// Translators see what was handed in, and write what is not the original.
fn translator_may(action: Action, subject: Subject) -> bool {
    let readable = !subject.original || subject.state.is_some_and(|state| state != State::Draft);
    match action {
        Action::Read | Action::Translate | Action::Preview => readable,
        Action::EditVariant => {
            !subject.original && matches!(subject.state, None | Some(State::Draft | State::Published))
        }
        Action::Submit => !subject.original && subject.state == Some(State::Draft),
        Action::Review => !subject.original,
        _ => false,
    }
}

/// The scope that a key needs for an action; nothing where no key may do it.
pub fn scope(action: Action) -> Option<Scope> {
    match action {
        Action::Read | Action::Preview => Some(Scope::ReadDrafts),
        Action::CreateArticle
        | Action::EditArticle
        | Action::EditVariant
        | Action::Translate
        | Action::Review
        | Action::Submit
        | Action::SendBack => Some(Scope::Write),
        // What an author or a tag is called is live when it is saved.
        Action::EditEntity
        | Action::PublishCollection
        | Action::Schedule
        | Action::Publish
        | Action::Withdraw
        | Action::Reopen
        | Action::Correct => Some(Scope::Publish),
        Action::Import => Some(Scope::Import),
        Action::ReadAudit | Action::ManagePeople | Action::ReadPartners | Action::ManagePartners => None,
    }
}

/// Whether somebody may do something. A key does what an editor does, within its scopes; its languages and sections are
/// for who knows the story to compare.
pub fn permits(actor: &Actor, action: Action, subject: Subject) -> bool {
    match &actor.who {
        Who::Anonymous => false,
        Who::System(_) => true,
        Who::Person(person) => may(person.role, action, subject),
        Who::Machine(machine) => scope(action).is_some_and(|scope| machine.scopes.contains(&scope)),
    }
}

/// The roles that may do it, for the message to somebody who may not.
pub fn who_may(action: Action, subject: Subject) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| may(*role, action, subject)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What each role may do, in each state (D I S P W: draft, in review, scheduled, published, withdrawn), for
    /// (own original | other's original | own translation | other's translation).
    fn row(role: Role, action: Action) -> String {
        let cell = |original, own| -> String {
            let may = |state: &State| may(role, action, Subject { state: Some(*state), original, own });
            State::ALL
                .iter()
                .zip("DISPW".chars())
                .map(|(state, letter)| if may(state) { letter } else { '-' })
                .collect()
        };
        format!("{} {} {} {}", cell(true, true), cell(true, false), cell(false, true), cell(false, false))
    }

    #[test]
    fn every_role_action_and_state_is_in_the_table() {
        let mut table = String::new();
        for role in Role::ALL {
            for action in Action::ALL {
                let row = row(*role, *action);
                table.push_str(&format!("{:<10} {:<18} {row}\n", role.as_str(), action.as_str()));
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn a_key_does_what_its_scopes_say_and_never_manages_people() {
        for scope in Scope::ALL {
            let machine = super::super::actor::Machine {
                id: super::super::ids::KeyId::new(),
                name: "site".into(),
                scopes: vec![*scope],
                languages: Vec::new(),
                sections: Vec::new(),
            };
            let actor: Actor = Who::Machine(machine).into();
            for action in Action::ALL {
                let may = permits(&actor, *action, Subject::default());
                assert_eq!(may, super::scope(*action) == Some(*scope), "{scope} {action}");
            }
            assert!(!permits(&actor, Action::ManagePeople, Subject::default()));
        }
    }

    #[test]
    fn nobody_in_particular_may_do_nothing() {
        for action in Action::ALL {
            assert!(!permits(&Actor::ANONYMOUS, *action, Subject::default()));
            assert!(permits(&Actor::system("import"), *action, Subject::default()));
        }
    }
}

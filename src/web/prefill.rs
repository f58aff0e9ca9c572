//! People already known, from whom the form of a confirmation is filled in.

use i18n_embed_fl::fl;

use super::form::Form;
use crate::{
    domain::{
        agreement::ConfirmationStatus,
        customer::Contact,
        field::Field,
        person::{Name, Person},
    },
    i18n::Words,
};

/// The fields of a person, in the order of a [`KnownPerson`]'s texts.
const PERSON: [Field; 4] = [Field::FirstName, Field::LastName, Field::Email, Field::PhoneNumber];

/// The value that empties the fields of the person again.
const SOMEONE_ELSE: &str = "none";

/// Somebody to fill in from.
pub struct KnownPerson {
    /// The value of the button.
    pub value: &'static str,
    /// Its words.
    pub words: String,
    /// First name, last name, email address, phone number; empty where not known.
    pub texts: [String; 4],
}

/// How the form of a confirmation begins.
pub struct Prefilled {
    /// The form with what is filled in.
    pub form: Form,
    /// Whether a person is filled in who was not typed.
    pub has_person: bool,
    /// Whether what was typed stayed, because it is of another person than the one asked for.
    pub kept_typed: bool,
}

/// Everybody to fill in from.
pub struct KnownPeople {
    people: Vec<KnownPerson>,
    /// Whether the primary contact is the person of the effective confirmation.
    contact_is_former: bool,
}

impl KnownPeople {
    /// The primary contact, and the person of the effective confirmation where that is somebody else.
    pub fn new(contact: &Contact, former: Option<&Person>, t: &Words) -> Self {
        let mut people = Vec::new();
        let name: Vec<&str> =
            [&contact.first_name, &contact.last_name].into_iter().flatten().map(Name::as_str).collect();
        if !name.is_empty() {
            people.push(KnownPerson {
                value: "primary_contact",
                words: fl!(t, "prefill-contact", name = name.join(" ")),
                texts: [
                    text(contact.first_name.as_ref()),
                    text(contact.last_name.as_ref()),
                    text(contact.email.as_ref()),
                    text(contact.phone.as_ref()),
                ],
            });
        }
        if let Some(former) = former.filter(|former| !contact.is(former)) {
            people.push(KnownPerson {
                value: "former",
                words: fl!(t, "prefill-former", name = former.full_name()),
                texts: [
                    former.first_name.to_string(),
                    former.last_name.to_string(),
                    former.email.to_string(),
                    text(former.phone.as_ref()),
                ],
            });
        }
        Self { people, contact_is_former: former.is_some_and(|former| contact.is(former)) }
    }

    /// The people.
    pub fn all(&self) -> &[KnownPerson] {
        &self.people
    }

    fn find(&self, value: &str) -> Option<&KnownPerson> {
        self.people.iter().find(|person| person.value == value)
    }

    /// The form before anything is typed: filled in from the person who is asked for; without a choice from the primary
    /// contact, where nobody else comes into question.
    pub fn begin(&self, asked: &str, status: ConfirmationStatus) -> Prefilled {
        let is_clear = match status {
            ConfirmationStatus::NotConfirmed => true,
            ConfirmationStatus::ReconfirmationDue => self.contact_is_former,
            ConfirmationStatus::Confirmed | ConfirmationStatus::NotApplicable => false,
        };
        let by_itself = self.find("primary_contact").filter(|_| is_clear && asked.is_empty());
        let person = self.find(asked).or(by_itself);
        let fields = |person: &KnownPerson| {
            PERSON.iter().zip(&person.texts).map(|(field, text)| (field.code().to_owned(), text.clone())).collect()
        };
        Prefilled {
            form: person.map(fields).map(Form::of).unwrap_or_default(),
            has_person: person.is_some(),
            kept_typed: false,
        }
    }

    /// The form filled in from somebody else, when its button was pressed. Nothing that was typed is lost: where the name
    /// or the email address is another person's, everything stays.
    pub fn refill(&self, form: &Form) -> Option<Prefilled> {
        let asked = form.get_raw("prefill");
        let person = self.find(asked);
        if person.is_none() && asked != SOMEONE_ELSE {
            return None;
        }
        let wanted = |number: usize| person.map(|person| person.texts[number].as_str()).unwrap_or_default();
        let typed: Vec<&str> = (0..PERSON.len()).map(|number| self.typed(form, number)).collect();
        let is_another = (0..3).any(|number| !typed[number].is_empty() && typed[number] != wanted(number));
        let kept_typed = person.is_some() && is_another;
        let others = form
            .pairs()
            .iter()
            .filter(|(name, _)| name != "prefill" && (kept_typed || PERSON.iter().all(|field| field.code() != name)));
        let mut pairs: Vec<(String, String)> = others.cloned().collect();
        if !kept_typed {
            pairs.extend(PERSON.iter().enumerate().map(|(number, field)| {
                let text = if typed[number].is_empty() { wanted(number) } else { typed[number] };
                (field.code().to_owned(), text.to_owned())
            }));
        }
        Some(Prefilled { form: Form::of(pairs), has_person: person.is_some() && !kept_typed, kept_typed })
    }

    /// What was typed into a field of the person, and not filled in from somebody known.
    fn typed<'f>(&self, form: &'f Form, number: usize) -> &'f str {
        let text = form.get(PERSON[number]);
        if self.people.iter().any(|person| person.texts[number] == text.trim()) { "" } else { text }
    }
}

fn text(part: Option<&impl ToString>) -> String {
    part.map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> KnownPeople {
        let person =
            |value, texts: [&str; 4]| KnownPerson { value, words: String::new(), texts: texts.map(str::to_owned) };
        let people = vec![
            person("primary_contact", ["Anna", "de Vries", "anna@contoso.example", ""]),
            person("former", ["Bo", "Smit", "bo@contoso.example", "+31 20 555 01 00"]),
        ];
        KnownPeople { people, contact_is_former: false }
    }

    fn texts(form: &Form) -> [&str; 5] {
        [PERSON[0], PERSON[1], PERSON[2], PERSON[3], Field::DateAgreed].map(|field| form.get(field))
    }

    #[test]
    fn filling_in_never_erases_what_was_typed() {
        let anna = ["Anna", "de Vries", "anna@contoso.example", "", ""];
        for (prefill, typed, filled, kept) in [
            ("primary_contact", ["", "", "", "", ""], anna, false),
            (
                "primary_contact",
                ["", "", "", "", "3-4-2026"],
                ["Anna", "de Vries", "anna@contoso.example", "", "3-4-2026"],
                false,
            ),
            (
                "primary_contact",
                ["", "", "", "123456", ""],
                ["Anna", "de Vries", "anna@contoso.example", "123456", ""],
                false,
            ),
            ("primary_contact", ["Anna", "", "", "", ""], anna, false),
            ("primary_contact", ["Jan", "", "", "", ""], ["Jan", "", "", "", ""], true),
            ("primary_contact", ["", "", "jan@", "", "x"], ["", "", "jan@", "", "x"], true),
            ("primary_contact", ["Bo", "Smit", "bo@contoso.example", "+31 20 555 01 00", ""], anna, false),
            (
                "former",
                ["Anna", "de Vries", "anna@contoso.example", "", ""],
                ["Bo", "Smit", "bo@contoso.example", "+31 20 555 01 00", ""],
                false,
            ),
            ("none", ["Anna", "de Vries", "anna@contoso.example", "", "today"], ["", "", "", "", "today"], false),
            ("none", ["Jan", "de Vries", "anna@contoso.example", "", ""], ["Jan", "", "", "", ""], false),
        ] {
            let names = ["first_name", "last_name", "email", "phone_number", "date_agreed"];
            let pairs = names.iter().zip(typed).map(|(name, text)| ((*name).to_owned(), text.to_owned()));
            let form = Form::of(pairs.chain([("prefill".to_owned(), prefill.to_owned())]).collect());
            let refilled = known().refill(&form).expect("a button");
            assert_eq!((texts(&refilled.form), refilled.kept_typed), (filled, kept), "{prefill} over {typed:?}");
        }
        for prefill in ["", "somebody", "PRIMARY_CONTACT"] {
            let form = Form::of(vec![("prefill".to_owned(), prefill.to_owned())]);
            assert!(known().refill(&form).is_none(), "{prefill}");
        }
    }
}

//! The fields of the first step, some of which only some countries have.

use i18n_embed_fl::fl;
use uuid::Uuid;

use super::wizard::Rules;
use crate::{
    domain::{
        actor::Actor,
        country::Country,
        country_rules::{CountryRules, Requirement, States},
        culture::parse_culture,
        field::Field,
        new_customer::Acceptor,
        partner_account::PartnerType,
        text,
    },
    i18n::Words,
    web::{
        enum_labels,
        form::{Choice, FieldView, Form, Input, Problems},
        paths,
        registration_number_field::registration_number_field,
        request_context::RequestContext,
    },
};

pub(super) struct CompanyFields {
    pub(super) country: FieldView,
    pub(super) company_name: FieldView,
    pub(super) domain_prefix: FieldView,
    pub(super) address_line1: FieldView,
    pub(super) address_line2: FieldView,
    pub(super) postal_code: FieldView,
    pub(super) city: FieldView,
    pub(super) state: Option<FieldView>,
    pub(super) registration_number: FieldView,
    pub(super) culture: FieldView,
    pub(super) reseller: Option<FieldView>,
}

pub(super) struct ContactFields {
    pub(super) first_name: FieldView,
    pub(super) last_name: FieldView,
    pub(super) email: FieldView,
    pub(super) phone_number: FieldView,
}

pub(super) struct AgreementFields {
    pub(super) accepted: FieldView,
    pub(super) version_id: Uuid,
    pub(super) version: String,
    /// The version's text: address and words.
    pub(super) text: Option<(String, String)>,
    pub(super) date_agreed: FieldView,
    pub(super) older_than_version: Option<FieldView>,
    pub(super) is_other: bool,
    pub(super) primary_contact: String,
    pub(super) first_name: FieldView,
    pub(super) last_name: FieldView,
    pub(super) email: FieldView,
    pub(super) phone_number: FieldView,
}

/// Makes fields of what was typed, by the rules of the country.
pub(super) struct Fields<'a> {
    pub(super) form: &'a Form,
    pub(super) problems: &'a Problems,
    pub(super) t: &'static Words,
    pub(super) context: &'a RequestContext,
    pub(super) country: Option<Country>,
    pub(super) rules: Option<CountryRules>,
}

impl Fields<'_> {
    fn field(&self, field: Field, input: Input) -> FieldView {
        FieldView::new(field, enum_labels::label(field, self.t), input, self.form, self.problems)
    }

    fn optional(&self, field: Field, input: Input) -> FieldView {
        FieldView::new(field, enum_labels::optional_label(field, self.t), input, self.form, self.problems)
    }

    pub(super) fn company(&self, actor: &Actor, rules: &Rules) -> CompanyFields {
        let t = self.t;
        let domain = Input::DomainPrefix { check: paths::NEW_CUSTOMER_DOMAIN };
        CompanyFields {
            country: self.field(Field::Country, Input::Select(self.countries(actor.account.country))),
            company_name: self.field(Field::CompanyName, Input::Text),
            domain_prefix: self.field(Field::DomainPrefix, domain).hint(fl!(t, "f-domain-hint")),
            address_line1: self.field(Field::AddressLine1, Input::Text),
            address_line2: self.optional(Field::AddressLine2, Input::Text),
            postal_code: self.postal_code(),
            city: self.field(Field::City, Input::Text),
            state: self.state(),
            registration_number: self.registration_number(),
            culture: self.field(Field::Culture, Input::Select(self.cultures())),
            reseller: (actor.account.partner_type == PartnerType::IndirectProvider).then(|| self.reseller(rules)),
        }
    }

    /// The account's own country first, then the alphabet.
    fn countries(&self, home: Country) -> Vec<Choice> {
        let language = self.context.language;
        let others = Country::all(language).iter().copied().filter(|country| *country != home);
        let nothing = self.country.is_none().then(|| ("".into(), fl!(self.t, "choose").into()));
        let mut options = Vec::with_capacity(256);
        options.extend(nothing);
        options.extend(
            std::iter::once(home).chain(others).map(|country| (country.code().into(), country.name(language).into())),
        );
        options
    }

    fn postal_code(&self) -> FieldView {
        let is_required = self.rules.is_some_and(|rules| rules.postal_code == Requirement::Required);
        let field = if is_required {
            self.field(Field::PostalCode, Input::PostalCode)
        } else {
            self.optional(Field::PostalCode, Input::PostalCode)
        };
        match self.rules.and_then(|rules| rules.postal_formats) {
            Some(formats) => field.hint(fl!(self.t, "f-example", example = formats.sample)),
            None => field,
        }
    }

    fn state(&self) -> Option<FieldView> {
        match self.rules.map_or(States::Free, |rules| rules.states) {
            States::Listed(states) => {
                let mut options: Vec<Choice> = vec![("".into(), fl!(self.t, "choose").into())];
                options.extend(states.iter().map(|state| (state.code.into(), state.name.into())));
                let mut field = self.field(Field::State, Input::Select(options));
                // What was typed as a name before the country had a list.
                if let Some(state) = self.rules.and_then(|rules| rules.state(&field.value)) {
                    state.code.clone_into(&mut field.value);
                }
                Some(field)
            }
            States::Free => Some(self.optional(Field::State, Input::Text)),
            States::Unused => Some(self.optional(Field::State, Input::Text)).filter(is_in_use),
        }
    }

    fn registration_number(&self) -> FieldView {
        let rule = self.country.map(Country::registration_number);
        registration_number_field(rule, self.form, self.problems, self.t)
    }

    /// The languages that the country is offered, and the one that is chosen.
    fn cultures(&self) -> Vec<Choice> {
        let chosen = parse_culture(self.form.get(Field::Culture)).ok();
        let offered: Vec<&str> = self.country.map(|country| country.cultures().collect()).unwrap_or_default();
        let more = chosen.as_deref().filter(|chosen| !offered.contains(chosen));
        let name = |culture: &str| enum_labels::culture(culture, self.t, self.context.language).into();
        let mut choices: Vec<Choice> = offered.iter().map(|culture| ((*culture).into(), name(culture))).collect();
        choices.extend(more.map(|culture| (culture.to_owned().into(), name(culture))));
        choices
    }

    fn reseller(&self, rules: &Rules) -> FieldView {
        let mut options: Vec<Choice> = vec![("".into(), fl!(self.t, "no-reseller").into())];
        options.extend(rules.resellers.iter().map(|reseller| {
            let words = if reseller.agreement_signed {
                fl!(self.t, "reseller-option", name = reseller.name.clone(), mpn = reseller.mpn_id.clone())
            } else {
                fl!(self.t, "reseller-option-unsigned", name = reseller.name.clone(), mpn = reseller.mpn_id.clone())
            };
            (reseller.mpn_id.clone().into(), words.into())
        }));
        self.optional(Field::AssociatedPartnerId, Input::Select(options))
    }

    pub(super) fn contact(&self) -> ContactFields {
        let t = self.t;
        let mut phone = self.field(Field::ContactPhoneNumber, Input::Phone);
        if self.rules.is_some_and(|rules| rules.phone_required) {
            phone.label = fl!(t, "fact-phone");
        }
        if let Some(country) = self.country {
            phone = phone.hint(fl!(t, "f-phone-hint", code = format!("+{}", country.calling_code())));
        }
        ContactFields {
            first_name: self.field(Field::ContactFirstName, Input::Name),
            last_name: self.field(Field::ContactLastName, Input::Name).hint(fl!(t, "f-last-hint")),
            email: self.field(Field::ContactEmail, Input::Email),
            phone_number: phone,
        }
    }

    pub(super) fn agreement(
        &self,
        version_id: Uuid,
        version: String,
        text: Option<(String, String)>,
        rules: &Rules,
    ) -> AgreementFields {
        let t = self.t;
        let older = self.field(Field::OlderThanVersion, Input::Tick);
        let name = [Field::ContactFirstName, Field::ContactLastName].map(|field| self.form.get(field).trim()).join(" ");
        let name = text::shown(&name);
        let date = Input::date(rules.today, rules.zone, t);
        AgreementFields {
            accepted: self.field(Field::Accepted, Input::Tick),
            version_id,
            version,
            text,
            date_agreed: self.field(Field::DateAgreed, date).hint(fl!(t, "f-date-hint")),
            older_than_version: Some(older).filter(is_in_use),
            is_other: self.form.get(Field::Acceptor) == Acceptor::Other.code(),
            primary_contact: if name.is_empty() {
                fl!(t, "acceptor-contact")
            } else {
                fl!(t, "acceptor-contact-name", name = name)
            },
            first_name: self.field(Field::FirstName, Input::Name),
            last_name: self.field(Field::LastName, Input::Name),
            email: self.field(Field::Email, Input::Email),
            phone_number: self.field(Field::PhoneNumber, Input::Phone),
        }
    }
}

/// Whether something is typed into a field, or wrong with it: then it is shown, whatever the country.
fn is_in_use(field: &FieldView) -> bool {
    !field.value.trim().is_empty() || field.error.is_some()
}

//! The box for a company's registration number.

use i18n_embed_fl::fl;

use super::form::{FieldView, Form, Input, Problems};
use crate::{
    domain::{field::Field, registration_number::RegistrationNumber},
    i18n::Words,
};

/// The box for a registration number, with what the country calls it and how it is written there.
pub fn registration_number_field(
    rule: Option<RegistrationNumber>,
    form: &Form,
    problems: &Problems,
    t: &Words,
) -> FieldView {
    let label = match rule.and_then(|rule| rule.name) {
        Some(name) => fl!(t, "f-registration-named", name = name),
        None => fl!(t, "f-registration"),
    };
    let is_required = rule.is_some_and(|rule| rule.is_required());
    let label = if is_required { label } else { fl!(t, "f-optional", label = label) };
    let field = FieldView::new(Field::OrganizationRegistrationNumber, label, Input::Text, form, problems);
    match rule.and_then(|rule| Some((rule.advised, rule.sample?))) {
        Some((true, sample)) => field.hint(fl!(t, "f-registration-advised-example", example = sample)),
        Some((false, sample)) => field.hint(fl!(t, "f-example", example = sample)),
        None => field,
    }
}

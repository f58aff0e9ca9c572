//! What a customer qualifies for: as one word, which older clients read and put, and as a list, which newer ones do. What is
//! said is taken as it is; nobody vets it here.

use super::{
    bodies::{NewQualification, QualificationCode},
    call::{ApiRequest, ApiResponse, Body, text},
    fault::ApiError,
    reader::IfObject,
    wire::Qualification as Wire,
};
use crate::{
    actions::set_qualification::set_qualification, domain::customer::Qualification, store::customers::Customer,
};

/// No qualification, as older clients say it.
const NONE: &str = "none";

/// `GET customers/{customer}/qualification`: the word.
pub async fn get(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let customer = call.customer(&mut call.api.db.read().await?).await?;
    ApiResponse::ok(&word(customer.qualification))
}

/// `PUT customers/{customer}/qualification`: another word, or its number.
pub async fn put(call: &ApiRequest<'_>, body: Body<'_, QualificationCode>) -> Result<ApiResponse, ApiError> {
    let wanted = match body.read()? {
        QualificationCode::Word(word) if word.eq_ignore_ascii_case(NONE) => None,
        QualificationCode::Word(word) => Some(read(&word, "The body")?),
        #[expect(clippy::float_cmp, reason = "whole numbers as they were read")]
        QualificationCode::Number(number) => {
            let known = (0..=Qualification::ALL.len())
                .find(|place| number == f64::from(u8::try_from(*place).unwrap_or(u8::MAX)));
            match known {
                Some(0) => None,
                Some(place) => Qualification::ALL.get(place - 1).copied(),
                None => return Err(ApiError::property("The body must be 0 to 4, or the word for it.")),
            }
        }
    };
    set(call, wanted).await?;
    ApiResponse::ok(&word(wanted))
}

/// `GET customers/{customer}/qualifications`: a list of one, or of none.
pub async fn list(call: &ApiRequest<'_>) -> Result<ApiResponse, ApiError> {
    let customer = call.customer(&mut call.api.db.read().await?).await?;
    let items: Vec<Wire> = customer.qualification.map(wire).into_iter().collect();
    ApiResponse::ok(&items)
}

/// `POST customers/{customer}/qualifications`: says one; it takes the place of the one before.
pub async fn create(
    call: &ApiRequest<'_>,
    body: Body<'_, IfObject<NewQualification>>,
) -> Result<ApiResponse, ApiError> {
    let IfObject(given) = body.read()?;
    let given = given.ok_or_else(|| ApiError::property("qualification is missing."))?;
    let wanted = read(&given.qualification, "qualification")?;
    set(call, Some(wanted)).await?;
    Ok(ApiResponse::created(text(&wire(wanted))?))
}

async fn set(call: &ApiRequest<'_>, wanted: Option<Qualification>) -> Result<(), ApiError> {
    let customer: Customer = call.customer(&mut call.api.db.read().await?).await?;
    set_qualification(&call.api.db, &call.actor, customer.id, wanted, &call.submission(), "")
        .await
        .map(drop)
        .map_err(|failure| ApiError::of(failure, |never| match never {}))
}

fn read(word: &str, path: &str) -> Result<Qualification, ApiError> {
    let word: String = word.chars().filter(|c| *c != '_').collect();
    Qualification::from_code(&word.to_ascii_lowercase()).ok_or_else(|| {
        let known = Qualification::ALL.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ");
        ApiError::property(format!("{path} must be one of {known}."))
    })
}

fn word(qualification: Option<Qualification>) -> &'static str {
    qualification.map_or(NONE, Qualification::code)
}

fn name(qualification: Qualification) -> &'static str {
    match qualification {
        Qualification::Education => "Education",
        Qualification::Nonprofit => "Nonprofit",
        Qualification::GovernmentCommunityCloud => "GovernmentCommunityCloud",
        Qualification::StateOwnedEntity => "StateOwnedEntity",
    }
}

fn wire(qualification: Qualification) -> Wire {
    Wire { qualification: name(qualification), vetting_status: "Approved" }
}

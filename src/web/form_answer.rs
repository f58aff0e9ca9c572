//! What comes of a form, the same for all forms: done or sent before leads on, another form with the same token comes
//! back, what is not there is not found, and what the database could not take can be sent again. What a rule refuses
//! is left to the page.

use std::fmt::Debug;

use actix_web::{HttpResponse, http::StatusCode};
use i18n_embed_fl::fl;
use uuid::Uuid;

use super::{
    cx::ActorContext,
    error::Error,
    flash::Flash,
    form::{Form, Problems},
    respond,
};
use crate::{
    actions::{Failure, Outcome},
    store::idempotency::IdempotencyKey,
};

/// A form on its way through an action.
pub struct SentForm<'a> {
    /// What was typed.
    pub form: &'a Form,
    /// Where it goes, and would be sent again.
    pub action: &'a str,
    /// The page that it leads on to.
    pub outcome: &'a str,
    /// What that page says.
    pub flash: Option<(Flash, Uuid)>,
    /// Whether the page says so again when the form had been sent before.
    pub repeats_flash: bool,
}

/// What came of a form.
pub enum FormAnswer<R> {
    /// This answers it.
    Answered(HttpResponse),
    /// Its page comes back.
    Back(StatusCode, Problems),
    /// A rule refuses it.
    Refused(R),
}

impl SentForm<'_> {
    /// Answers what an action made of the form.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] for a customer who is not there; [`Error::SendAgain`] and others when the database failed.
    pub fn answer<T, R: Debug>(
        &self,
        cx: &ActorContext,
        done: Result<Outcome<T>, Failure<R>>,
    ) -> Result<FormAnswer<R>, Error> {
        match done {
            Ok(Outcome::Done(_)) => Ok(FormAnswer::Answered(respond::see_other(&cx.state, self.outcome, self.flash))),
            Ok(Outcome::Replayed(outcome)) => {
                let flash = self.flash.filter(|_| self.repeats_flash);
                Ok(FormAnswer::Answered(respond::see_other(&cx.state, &outcome, flash)))
            }
            Err(Failure::IdempotencyMismatch) => {
                Ok(FormAnswer::Back(StatusCode::CONFLICT, Problems::whole(fl!(cx.words(), "e-submission-used"))))
            }
            Err(Failure::Refused(refusal)) => Ok(FormAnswer::Refused(refusal)),
            Err(Failure::NoSuchCustomer) => Err(Error::NotFound),
            Err(Failure::Store(error)) => Err(Error::send_again(error, self.action, self.form.pairs().to_vec())),
        }
    }
}

/// The key under which a form is written once.
///
/// # Errors
///
/// What the form's page says when its token is not one that it was shown with.
pub fn idempotency_key(cx: &ActorContext, form: &Form, name: &str) -> Result<IdempotencyKey, Problems> {
    form.submission(cx, name).ok_or_else(|| Problems::whole(fl!(cx.words(), "e-submission-unknown")))
}

"""Addresses of the register, the positions, the updates and the mail (design, section 7)."""

from django.urls import path

from recommendations.views import (
    corrections,
    dashboards,
    deadlines,
    digests,
    drafts,
    evidence,
    mailbox,
    more_time,
    move_dates,
    progress,
    questions,
    register,
    review_acts,
    reviews,
)

_ASSIGNMENT = "forces/<slug:slug>/<int:number>/"

urlpatterns = [
    path("", dashboards.overview, name="overview"),
    path("heatmap/", dashboards.heatmap, name="heatmap"),
    path("recommendations/", register.recommendations, name="recommendations"),
    path("recommendations/<int:number>/", register.recommendation, name="recommendation"),
    path("forces/", register.forces, name="forces"),
    path("forces/<slug:slug>/", register.force, name="force"),
    path(_ASSIGNMENT, progress.assignment, name="assignment"),
    path(f"{_ASSIGNMENT}questions/", questions.questions, name="questions"),
    path(f"{_ASSIGNMENT}more-time/", more_time.more_time, name="more_time"),
    path(f"{_ASSIGNMENT}withdraw/", deadlines.withdraw, name="withdraw"),
    path(f"{_ASSIGNMENT}update/", drafts.update_start, name="update"),
    path(f"{_ASSIGNMENT}update/check/", drafts.update_check, name="update_check"),
    path(f"{_ASSIGNMENT}update/discard/", drafts.update_discard, name="update_discard"),
    path(f"{_ASSIGNMENT}update/correct/", corrections.update_correct, name="update_correct"),
    path(f"{_ASSIGNMENT}update/evidence/", evidence.update_evidence, name="update_evidence"),
    path(f"{_ASSIGNMENT}update/<slug:step>/", drafts.update_step, name="update_step"),
    path("evidence/<uuid:key>/", evidence.evidence, name="evidence"),
    path("questions/", questions.all_questions, name="all_questions"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("reviews/<int:update_id>/hold/", reviews.review_hold, name="review_hold"),
    path("reviews/<int:update_id>/correct/", review_acts.review_correct, name="review_correct"),
    path("reviews/together/<int:number>/", review_acts.reviews_together, name="reviews_together"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/move/", move_dates.deadlines_move, name="deadlines_move"),
    path(
        "deadlines/requests/<int:request_id>/",
        deadlines.due_date_request,
        name="due_date_request",
    ),
    path("digests/", digests.digests, name="digests"),
    path("digests/<int:digest_id>/", digests.digest, name="digest"),
    path("digests/<int:digest_id>/html/", digests.digest_html, name="digest_html"),
    path("digests/preview/<int:reader_id>/", digests.preview, name="digest_preview"),
    path("digests/preview/<int:reader_id>/html/", digests.preview_html, name="digest_preview_html"),
    path("dev/mailbox/", mailbox.mailbox, name="mailbox"),
    path("dev/mailbox/<str:key>/", mailbox.message, name="mailbox_message"),
    path("dev/mailbox/<str:key>/html/", mailbox.message_html, name="mailbox_message_html"),
]

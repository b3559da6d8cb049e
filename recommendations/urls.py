"""The addresses of every page of recommendations, updates, emails, people and jobs."""

from django.urls import include, path, register_converter

from recommendations.api.documentation import api_page
from recommendations.pages.api_tokens import views as api_tokens
from recommendations.pages.approvals import views as approvals
from recommendations.pages.assignment import reminder_views
from recommendations.pages.assignment import views as assignments
from recommendations.pages.audit import views as audit
from recommendations.pages.body_requests import views as body_requests
from recommendations.pages.body_requests import waiting_views
from recommendations.pages.calendar import views as calendar
from recommendations.pages.changes import views as changes
from recommendations.pages.closures import views as closures
from recommendations.pages.deadlines import bulk_change_views, due_date_views, extension_views
from recommendations.pages.deadlines import views as deadlines
from recommendations.pages.downloads import file_views
from recommendations.pages.downloads import views as downloads
from recommendations.pages.emails import action_views, mailbox_views, preference_views
from recommendations.pages.emails import views as digests
from recommendations.pages.ends import views as ends
from recommendations.pages.fragmentation import views as fragmentation
from recommendations.pages.heatmap import panel_views
from recommendations.pages.heatmap import views as heatmap
from recommendations.pages.imports import views as imports
from recommendations.pages.inspections import views as inspections
from recommendations.pages.jobs import views as jobs
from recommendations.pages.joint_actions import views as joint_actions
from recommendations.pages.names import views as names
from recommendations.pages.outcomes import edit_views as outcome_edits
from recommendations.pages.outcomes import views as outcomes
from recommendations.pages.overview import views as overview
from recommendations.pages.people import (
    account_views,
    membership_views,
    personal_data_views,
    sheet_views,
)
from recommendations.pages.people import views as people
from recommendations.pages.questions import views as questions
from recommendations.pages.quotes import views as quotes
from recommendations.pages.register import force_views, text_views
from recommendations.pages.register import views as register
from recommendations.pages.responses import views as responses
from recommendations.pages.reviews import correction_views as review_correction_views
from recommendations.pages.reviews import group_views, reviewer_views, second_views
from recommendations.pages.reviews import views as reviews
from recommendations.pages.saved_views import views as saved_views
from recommendations.pages.search import views as search
from recommendations.pages.steps import views as steps_views
from recommendations.pages.trends import views as trends
from recommendations.pages.update import (
    check_views,
    correction_views,
    evidence_views,
    no_change_views,
    preview_views,
    sent_views,
)
from recommendations.pages.update import views as updates
from recommendations.references import ReferenceConverter

register_converter(ReferenceConverter, "reference")

_ASSIGNMENT = "forces/<slug:slug>/<reference:reference>/"

urlpatterns = [
    path("", overview.overview, name="overview"),
    path("heatmap/", heatmap.heatmap, name="heatmap"),
    path("recommendations/", register.recommendations, name="recommendations"),
    path("recommendations/<reference:reference>/", register.recommendation, name="recommendation"),
    path(
        "recommendations/<reference:reference>/text/",
        text_views.recommendation_text,
        name="recommendation_text",
    ),
    path(
        "recommendations/<reference:reference>/text/confirm/",
        text_views.text_confirm,
        name="text_confirm",
    ),
    path(
        "recommendations/<reference:reference>/latest-updates/",
        register.latest_updates,
        name="latest_updates",
    ),
    path(
        "recommendations/<reference:reference>/accounts/",
        register.former_latest_updates,
        name="former_latest_updates",
    ),
    path("regions/<slug:slug>/", register.group, {"kind": "region"}, name="region"),
    path("rocus/<slug:slug>/", register.group, {"kind": "rocu"}, name="rocu"),
    path("joint-actions/", joint_actions.joint_actions, name="joint_actions"),
    path("joint-actions/<int:action_id>/", joint_actions.joint_action, name="joint_action"),
    path(
        "joint-actions/<int:action_id>/extend/",
        joint_actions.joint_action_extend,
        name="joint_action_extend",
    ),
    path("closures/", closures.closures, name="closures"),
    path("closures/<slug:slug>/", closures.closures_of, name="closures_of"),
    path("closures/<slug:slug>/<slug:month>/", closures.closures_report, name="closures_report"),
    path("outcomes/", outcomes.outcomes, name="outcomes"),
    path("outcomes/add/", outcome_edits.outcome_add, name="outcome_add"),
    path("outcomes/file/", outcome_edits.outcome_file, name="outcome_file"),
    path(
        "outcomes/<int:figure_id>/correct/", outcome_edits.outcome_correct, name="outcome_correct"
    ),
    path("quotes/", quotes.quotes, name="quotes"),
    path("quotes/add/", quotes.quote_add, name="quote_add"),
    path("quotes/<slug:reference>/", quotes.quote, name="quote"),
    path("responses/", responses.responses, name="responses"),
    path("responses/<slug:slug>/", responses.responses_of, name="responses_of"),
    path("responses/<slug:slug>/<slug:subject>/", responses.respond, name="respond"),
    path("waiting/", waiting_views.waiting, name="waiting"),
    path("waiting/<slug:slug>/", waiting_views.waiting_of, name="waiting_of"),
    path("fragmentation/", fragmentation.fragmentation, name="fragmentation"),
    path("forces/", register.forces, name="forces"),
    path("forces/<slug:slug>/", force_views.force, name="force"),
    path("forces/<slug:slug>/names/", names.body_names, name="body_names"),
    path(
        "forces/<slug:slug>/names/<int:name_id>/", names.body_name_correct, name="body_name_correct"
    ),
    path("forces/<slug:slug>/end/", ends.body_end, name="body_end"),
    path("forces/<slug:slug>/remind/", reminder_views.remind_body, name="remind_body"),
    path("forces/<slug:slug>/calendar/", calendar.calendar_feed, name="calendar_feed"),
    path("forces/<slug:slug>/approval/", approvals.approval_setting, name="approval_setting"),
    path("calendar/<str:secret>.ics", calendar.calendar_file, name="calendar_file"),
    path(_ASSIGNMENT, assignments.assignment, name="assignment"),
    path(f"{_ASSIGNMENT}approval/", approvals.approval, name="approval"),
    path(
        f"{_ASSIGNMENT}approval/take-back/",
        approvals.approval_take_back,
        name="approval_take_back",
    ),
    path(f"{_ASSIGNMENT}panel/", panel_views.panel, name="panel"),
    path(f"{_ASSIGNMENT}questions/", questions.questions, name="questions"),
    path(
        f"{_ASSIGNMENT}joint-action/",
        joint_actions.joint_action_create,
        name="joint_action_create",
    ),
    path(f"{_ASSIGNMENT}requests/", body_requests.body_requests, name="body_requests"),
    path("requests/<int:request_id>/", body_requests.body_request, name="body_request"),
    path(f"{_ASSIGNMENT}steps/", steps_views.steps, name="steps"),
    path(f"{_ASSIGNMENT}steps/<int:step>/", steps_views.step, name="step"),
    path(f"{_ASSIGNMENT}more-time/", extension_views.more_time, name="extension"),
    path(f"{_ASSIGNMENT}due-date/", due_date_views.due_date, name="due_date"),
    path(f"{_ASSIGNMENT}remind/", reminder_views.remind, name="remind"),
    path(f"{_ASSIGNMENT}withdraw/", deadlines.withdraw, name="withdraw"),
    path(f"{_ASSIGNMENT}update/", updates.update_start, name="update"),
    path(f"{_ASSIGNMENT}no-change/", no_change_views.no_change, name="no_change"),
    path(f"{_ASSIGNMENT}sent/<int:update_number>/", sent_views.update_sent, name="update_sent"),
    path(f"{_ASSIGNMENT}update/check/", check_views.update_check, name="update_check"),
    path(f"{_ASSIGNMENT}update/discard/", updates.update_discard, name="update_discard"),
    path(f"{_ASSIGNMENT}update/correct/", correction_views.update_correct, name="update_correct"),
    path(f"{_ASSIGNMENT}update/evidence/", evidence_views.update_evidence, name="update_evidence"),
    path(f"{_ASSIGNMENT}update/<slug:step>/", updates.update_step, name="update_step"),
    path("evidence/<uuid:key>/", evidence_views.evidence, name="evidence"),
    path(
        "evidence/<uuid:key>/preview.png", preview_views.evidence_preview, name="evidence_preview"
    ),
    path("import/", imports.imports, name="imports"),
    path("import/template.xlsx", imports.import_template_xlsx, name="import_template_xlsx"),
    path("import/template.ods", imports.import_template_ods, name="import_template_ods"),
    path("import/template.csv", imports.import_template_csv, name="import_template_csv"),
    path("import/<int:batch_id>/", imports.import_batch, name="import_batch"),
    path("questions/", questions.all_questions, name="all_questions"),
    path("reviews/", reviews.reviews, name="reviews"),
    path("reviews/<int:update_id>/", reviews.review, name="review"),
    path("second-reviews/", second_views.second_reviews, name="second_reviews"),
    path("second-reviews/<int:update_id>/", second_views.second_review, name="second_review"),
    path("reviews/<int:update_id>/hold/", reviewer_views.review_hold, name="review_hold"),
    path("reviews/<int:update_id>/assign/", reviewer_views.review_assign, name="review_assign"),
    path(
        "reviews/<int:update_id>/correct/",
        review_correction_views.review_correct,
        name="review_correct",
    ),
    path(
        "reviews/together/<reference:reference>/",
        group_views.reviews_together,
        name="reviews_together",
    ),
    path("api/", api_page, name="api"),
    path("api/tokens/", api_tokens.api_tokens, name="api_tokens"),
    path("api/tokens/<int:token_id>/revoke/", api_tokens.revoke, name="api_token_revoke"),
    path("api/v1/", include("recommendations.api.urls")),
    path("audit/", audit.audit_search, name="audit"),
    path("audit/check/", audit.audit_check, name="audit_check"),
    path("audit/download/", audit.audit_download, name="audit_download"),
    path("search/", search.search, name="search"),
    path("views/", saved_views.saved_views, name="saved_views"),
    path("views/save/", saved_views.view_save, name="view_save"),
    path("views/<int:view_id>/", saved_views.view_open, name="view_open"),
    path("views/<int:view_id>/change/", saved_views.view_change, name="view_change"),
    path("views/<int:view_id>/delete/", saved_views.view_delete, name="view_delete"),
    path("trends/", trends.trends, name="trends"),
    path("changes/", changes.changes, name="changes"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("deadlines/move/", bulk_change_views.bulk_change_due_dates, name="bulk_change_due_dates"),
    path(
        "deadlines/requests/<int:request_id>/",
        deadlines.due_date_request,
        name="due_date_request",
    ),
    path("downloads/", downloads.downloads, name="downloads"),
    path("downloads/made/<uuid:key>/", downloads.download_page, name="download_page"),
    path("downloads/made/<uuid:key>/file/", downloads.download_file, name="download_file"),
    path("downloads/overview/briefing.pdf", file_views.briefing, name="briefing_page"),
    path(
        "downloads/<slug:page>/<slug:name>.csv-metadata.json",
        file_views.csv_metadata,
        name="csv_metadata",
    ),
    path(
        "downloads/<slug:page>/<slug:name>.<slug:kind>",
        file_views.file_of_page,
        name="file_of_page",
    ),
    path("digests/", digests.digests, name="digests"),
    path("digests/mine/", preference_views.my_digests, name="email_preferences"),
    path("digests/unsubscribe/<str:token>/", preference_views.digests_leave, name="unsubscribe"),
    path("digests/hold/", action_views.week_hold, name="week_hold"),
    path("digests/release/", action_views.week_release, name="week_release"),
    path("digests/again/", action_views.week_again, name="resend_week"),
    path("digests/<int:digest_id>/", digests.digest, name="digest"),
    path("digests/<int:digest_id>/html/", digests.digest_html, name="digest_html"),
    path("digests/<int:digest_id>/again/", action_views.digest_again, name="resend_digest"),
    path("digests/preview/<int:reader_id>/test/", action_views.digest_test, name="digest_test"),
    path("digests/preview/<int:reader_id>/", digests.preview, name="digest_preview"),
    path("digests/preview/<int:reader_id>/html/", digests.preview_html, name="digest_preview_html"),
    path("inspections/", inspections.inspections, name="inspections"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/deletion/", jobs.deletion, name="stopped_deletion"),
    path("jobs/start/", jobs.job_start, name="job_start"),
    path("jobs/parked/<slug:kind>/<int:key>/", jobs.retry_parked, name="retry_parked"),
    path("people/", people.people, name="people"),
    path("people/invite/", account_views.person_invite, name="person_invite"),
    path("people/invite/several/", sheet_views.people_invite, name="people_invite"),
    path(
        "people/invite/template.xlsx", sheet_views.people_template_xlsx, name="people_template_xlsx"
    ),
    path("people/invite/template.ods", sheet_views.people_template_ods, name="people_template_ods"),
    path("people/invite/template.csv", sheet_views.people_template_csv, name="people_template_csv"),
    path("people/<int:person_id>/", people.person, name="person"),
    path(
        "people/<int:person_id>/invite/",
        account_views.person_invite_again,
        name="person_invite_again",
    ),
    path(
        "people/<int:person_id>/second-factor/",
        account_views.person_second_factor,
        name="person_second_factor",
    ),
    path(
        "people/<int:person_id>/organisations/",
        membership_views.person_memberships,
        name="person_memberships",
    ),
    path("people/<int:person_id>/data/", personal_data_views.person_data, name="person_data"),
    path("people/<int:person_id>/remove/", personal_data_views.person_remove, name="person_remove"),
    path("your-data/", personal_data_views.your_data, name="your_data"),
    path("dev/mailbox/", mailbox_views.mailbox, name="mailbox"),
    path("dev/mailbox/<str:key>/", mailbox_views.message, name="mailbox_message"),
    path("dev/mailbox/<str:key>/html/", mailbox_views.message_html, name="mailbox_message_html"),
]

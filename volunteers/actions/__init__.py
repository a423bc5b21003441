"""Things that happen to volunteers and requests for help: each one transaction, with its audit event.

All are keyword-only, say who by ``by=`` (a user or a ``SystemJob``), check that ``by`` may, and refuse with
a ``volunteers.refusals.Refused`` whose text the page shows. Saying again what is already so changes
nothing (a double click). Rows are locked in one order, so that no two wait for each other: request or
role or shift, then volunteer, then offer or place.

=============  ====================================================================================
volunteers     register_interest, move_volunteer (the one way), redirect
redirecting    suggest_more
standing       share_volunteer, end_standing
known          change_volunteer: what is known, when they are free
applications   apply, place_volunteer (the last place, under a lock), end_application
next_steps     set_next_step, finish_next_step: nobody is left waiting
parents        ask_parent, answer_as_parent
not_with       keep_apart, lift_keep_apart
checks         need_check, record_check, decide_check, warn_of_checks
policies       agree_policy, write_policy: a new version, never a changed one
opportunities  move_opportunity, save_opportunity
help           ask_for_help, triage, pass_on, cancel_help_request, begin_help, finish_help, leave_unfilled
offers         make_offer, accept, decline, lapse_offers, withdraw_offer, report_no_show
visits         agree_visit, agree_visits, move_visit, cancel_visit, record_visit
series         change_series: all visits still to come of help that comes again, as one
afterwards     settle_membership (a token), record_how_it_went, settle_not_helped
rotas          make_shifts, change_shift, cancel_shift, cancel_series
shifts         take_shift_place, give_back_place, offer_swap, swap_place, mark_place
exchanges      ask_exchange, ask_for_shift, accept_exchange, decline_exchange, withdraw_exchange
feeds          make_feed, end_feed: the secret address of a volunteer's calendar
hours          log_hours, log_shift, log_finished_help, confirm_hours, dispute_hours, settle_hours
expenses       claim_expenses, approve_expense, refuse_expense, pay_expense (never twice)
thanks         thank, thank_for_help (sent, and followed until it has arrived, by giving.thanking)
references     give_reference: version after version
=============  ====================================================================================
"""

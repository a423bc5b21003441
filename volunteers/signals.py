"""What other parts may have to act on. Declared here, connected in their own ``apps.ready()``.

Sent inside the transaction of the change, so that a receiver that fails takes the change back with it.
``referrals`` is never imported here: ``pathways`` joins the two.

===========================  ======================================================================
not_a_volunteers_task        ``help_request``, ``by``: triage passed it on (``help_request.passed_to``
                             says where); ``pathways`` makes an enquiry of it
help_request_unfilled        ``help_request``, ``by``: nobody was found in time; a follow-up is owed
help_request_moved           ``help_request``, ``change``, ``by``: each step
volunteer_moved              ``volunteer``, ``change``, ``by``: each step
offer_moved                  ``offer``, ``by``: made, accepted, declined, lapsed … (``offer.state``)
shift_place_moved            ``place``, ``by``: taken, waiting, moved up from the list, given back;
                             ``exchanged``: in an exchange, of which both hear otherwise
shift_swap_offered           ``place``, ``by``: whoever else of the role may step in is told
shift_exchange_moved         ``exchange``, ``by``: asked, done, declined, or came to nothing
shift_changed                ``shift``, ``was`` (its span before), ``by``: it is at another time now
shift_called_off             ``shift``, ``words``, ``by``: those on it are told
hours_logged                 ``hours``, ``by``: written down; the other side confirms
thanked                      ``thanks``, ``by``: words for a volunteer, to be sent by their channel
===========================  ======================================================================
"""

from __future__ import annotations

from django.dispatch import Signal

not_a_volunteers_task = Signal()
help_request_unfilled = Signal()
help_request_moved = Signal()
volunteer_moved = Signal()
offer_moved = Signal()
shift_place_moved = Signal()
shift_swap_offered = Signal()
shift_exchange_moved = Signal()
shift_changed = Signal()
shift_called_off = Signal()
thanked = Signal()
hours_logged = Signal()

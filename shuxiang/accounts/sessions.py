"""Django's sessions in the database, found by a statement composed once: every request asks (decision 0021)."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from shuxiang.audit.prepared import Question
from shuxiang.common import clock


class SessionStore(db.SessionStore):
    """Of the same name as Django's own, which is part of what signs a session."""

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key, now=clock.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found


_SESSION = Question(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now))

"""The public search (資格確認検索): whether a register has somebody of a full name, for anybody who asks.

| room | what |
|---|---|
| `questions` | what may be asked, by the profession's rule |
| `candidates` | who has the key of the name: always equally many, decoys among them |
| `service` | the answer: name, sex, year of registration |

Not found, struck off, of another sex, of a name with the same key: all take the same work, and look alike.
"""

from meibo.publicsearch.questions import Question, question
from meibo.publicsearch.service import Found, PublicSearches, Registered

__all__ = ["Found", "PublicSearches", "Question", "Registered", "question"]

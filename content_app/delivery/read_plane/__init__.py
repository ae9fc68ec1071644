"""The read plane: answers to anonymous reads, given before Django is asked.

`application.ReadPlane` is the WSGI application that the server calls. It holds Django, and knows two things about it:

1. Django gives the same answer to the same question while nothing is published and the day does not change. So answers
   are kept whole, as Django gave them (status, headers, bytes), up to a number of bytes in each process, and handed out
   again (`kept`). What a question is, is decided in one place (`question`): everything in a request that an answer may
   depend on. A request that has anything else to it (a key, a session, a range, a body) goes to Django.
2. The JSON of two documents differs in the stored bytes and in four headers, and that of two searches in the bytes and
   two headers. So what nobody has read yet is made here, by the functions that Django's views call, once Django has
   shown with another of its sort what the rest looks like (`first_reads`).

`edition` says what is current: asked at most once a second, and at once after a publication in this process. Everything
kept belongs to one edition. Only the count of requests is not kept: each request is counted as Django counts it, and
says so in the same headers; above the limit it is Django that refuses.

The views are the reference: what they answer defines what is right, and tests compare every byte. Whatever the plane
does not know goes to Django. `READ_PLANE=off` sends everything there.
"""

"""What granian calls: it meets clients on an event loop and keeps what is slow about them from everybody else.

A request is received whole, within a time, before a thread sees it. What the read plane has kept is answered at once;
everything else waits for a thread, readers and editors for threads of their own. Answers that are made piece by piece
are sent as fast as the client takes them, each by a thread that does nothing else. So neither a client that stalls nor
an editor who waits for the database makes a reader wait.

`application` is the front itself; `receiving` brings requests in, `sending` takes answers out, `currency` knows what is
current without waiting for the database.
"""

"""Reading a request: parameters, cursors, paging, filters, selection."""

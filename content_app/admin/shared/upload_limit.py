"""Keeps uploads small before they are anywhere: what is beyond the largest upload is read and thrown away.

In: the pieces of a file as they arrive. Out: the same, until there are more than any page takes; the form then says
that the file is too large.
"""

from django.core.files.uploadhandler import FileUploadHandler

from content_app.editorial.exchange.archives import LARGEST_UPLOAD


class Quota(FileUploadHandler):
    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= LARGEST_UPLOAD else None

    def file_complete(self, file_size):
        return None  # the handlers after this one keep the file

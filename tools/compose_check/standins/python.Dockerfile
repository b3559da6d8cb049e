FROM compose-check-base:1
RUN ln -s /usr/bin/python3 /usr/local/bin/python

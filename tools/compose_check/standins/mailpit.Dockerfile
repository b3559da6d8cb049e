FROM compose-check-base:1
COPY mail.txt /tmp/mail.txt
RUN python3 -m venv /opt/mail && /opt/mail/bin/pip install --no-deps --require-hashes -r /tmp/mail.txt
COPY mailpit.py /mailpit
RUN chmod 755 /mailpit
USER nobody
CMD ["/mailpit"]

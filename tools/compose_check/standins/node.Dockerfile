FROM compose-check-base:1
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/npm
RUN printf '#!/bin/sh\nexec node /usr/local/lib/npm/bin/npm-cli.js "$@"\n' > /usr/local/bin/npm \
    && chmod 755 /usr/local/bin/npm

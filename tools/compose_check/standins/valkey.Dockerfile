FROM compose-check-base:1
RUN ln -s /usr/bin/redis-server /usr/local/bin/valkey-server \
    && ln -s /usr/bin/redis-cli /usr/local/bin/valkey-cli \
    && install -d -o redis /data
USER redis
WORKDIR /data
VOLUME /data

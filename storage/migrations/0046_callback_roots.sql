-- The root of a server has one spelling, with its slash: a callback without it is the
-- same one (RFC 9110 §4.2.3). Where both are subscribed, the one with the slash stays.
UPDATE destinations SET url = 'https://' || host || '/' || substr(url, length('https://' || host) + 1)
WHERE kind = 'callback' AND (url = 'https://' || host OR substr(url, 1, length('https://' || host) + 1) = 'https://' || host || '?')
    AND NOT EXISTS (SELECT 1 FROM destinations o WHERE o.source = destinations.source
        AND o.url = 'https://' || destinations.host || '/' || substr(destinations.url, length('https://' || destinations.host) + 1));
UPDATE destinations SET url = 'http://' || host || '/' || substr(url, length('http://' || host) + 1)
WHERE kind = 'callback' AND (url = 'http://' || host OR substr(url, 1, length('http://' || host) + 1) = 'http://' || host || '?')
    AND NOT EXISTS (SELECT 1 FROM destinations o WHERE o.source = destinations.source
        AND o.url = 'http://' || destinations.host || '/' || substr(destinations.url, length('http://' || destinations.host) + 1));
DELETE FROM subscriptions WHERE destination IN (SELECT id FROM destinations
    WHERE kind = 'callback' AND (url IN ('https://' || host, 'http://' || host)
        OR substr(url, 1, length('https://' || host) + 1) = 'https://' || host || '?'
        OR substr(url, 1, length('http://' || host) + 1) = 'http://' || host || '?'));

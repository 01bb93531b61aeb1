-- An inbox at the root of a server has one spelling, with its slash, as callbacks have
-- (RFC 9110 §4.2.3). Where both are delivered to, the other one stays until those that it
-- serves are heard from.
UPDATE destinations SET url = url || '/'
WHERE kind = 'inbox' AND url IN ('https://' || host, 'http://' || host)
    AND NOT EXISTS (SELECT 1 FROM destinations o WHERE o.source = destinations.source AND o.url = destinations.url || '/');
UPDATE followers SET inbox = inbox || '/'
WHERE inbox LIKE 'http%://%' AND inbox NOT LIKE 'http%://%/%' AND inbox NOT LIKE '%?%' AND inbox NOT LIKE '%#%';

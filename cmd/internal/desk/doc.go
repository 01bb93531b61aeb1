// Package desk is what the people of the press office use in a browser: pages on a host of
// their own, for those whom communique people invite has invited.
//
// It decides nothing about articles or people: what may be done is the newsroom's, and so is
// who may read what ([newsroom.Reading]). It writes nothing but sessions by itself.
//
// Who may, writes here, in a form or as text, looks at what would go out, approves exactly
// that, and corrects and withdraws what did. Every save names the revision that it is on top
// of, and every approval the digest of what was shown; what is refused is shown again with
// all that was typed. Files are read into memory, a few forms at a time, and never lie in a
// folder for temporary files.
//
// The pages are forms and links, and need no script. The form for writing has a small one, which
// sends what is typed: that is kept for its writer ([newsroom.Desk.KeepTyped]), no revision, and
// no act that the audit tells. A form says whose it is under a seal of the site, so that what is
// sent after a session has ended is kept for them; it is read by nobody else, and does nothing.
//
// What keeps others out:
//
//   - Only requests for the desk's own host are answered, so that a name which leads here
//     by mistake or malice gets nothing (DNS rebinding).
//   - A session is a random token in a cookie; the store has its hash. It ends after eight
//     hours without a request, after a day in any case, and with the epoch of its person:
//     see package storage/people.
//   - Requests that change something are refused if another site sent them: by what the
//     browser says of their origin ([http.CrossOriginProtection]), and because the cookie is
//     SameSite=Lax. It is not Strict, so that a link in a message leads to the article and
//     not to the page for signing in.
//   - Passwords are hashed by Argon2id (RFC 9106), two at a time, so that the memory of the
//     machine is bounded; others wait, and are sent away when too many do.
//   - Attempts to sign in are counted by network and login together, and by network. Who has
//     signed in before with the same browser is counted apart, so that nobody is locked out
//     by what others try.
//   - One-time passwords (RFC 6238) are taken once. Whoever approves, publishes alone or is
//     an operator needs them, and what is done to people needs one that is no older than a
//     quarter of an hour.
package desk

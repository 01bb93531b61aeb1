// Package journal notes what was done to what is public, outside of the database, on
// another disk if one is configured: so that after the loss of the database what was
// withdrawn and corrected since the last backup is done again, and nothing that was
// withdrawn comes back.
//
// A journal is a folder of files that only grow. Each machine writes its own, one for each
// month, so that none waits for another: NAME.MACHINE.2026-11.journal, where NAME is that
// which the database knows. What is restored from a backup has another name and so writes
// another journal. Each file tells the whole log from where it begins: every entry has a
// line, copied from the log when it was committed, by the command itself and by the server
// every second. A correction or withdrawal, also of a picture or file, is noted before its
// commit, too, as an intent;
// whether it came to that is told by the log, when the journal is next written.
//
// A line is a checksum (CRC-32C, in hexadecimal digits), a blank and a JSON object ([Line]).
// A file whose last line was cut off is read up to there; any other line that is damaged is
// reported by its number.
//
// It has the texts of corrections of what is public, titles and reasons; of what is under
// embargo it has nothing but ids, and it has no keys and no followers.
package journal

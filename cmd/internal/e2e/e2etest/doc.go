// Package e2etest is what the suites of the whole program share: an
// installation that is served on this machine ([Site]), a server of the
// fediverse written from the specifications alone ([Peer]), what they say to
// each other, and a clock that a test moves.
//
// A site is served in the process of the test, by the same command.Run that
// main calls, so that its clock can be moved and its race conditions are seen;
// where a process has to be killed, [Site.Start] starts the test binary once
// more, as the program itself. A suite's TestMain calls [Main] for that.
//
// Nothing here waits for an instant. What others bring about is waited for by
// [Eventually], whose limit is for what hangs and says nothing of speed.
package e2etest

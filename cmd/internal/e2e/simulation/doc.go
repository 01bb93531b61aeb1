// Package simulation plays a press office, its program and the servers of its followers in
// one process and in simulated time, by chance that a seed decides: what is published,
// corrected and withdrawn, who follows and leaves, which servers cannot be reached, and
// when the program is killed. After each seed it holds what arrived, and what the site
// shows, against what is promised. A seed that breaks a promise prints itself with all
// that happened, and is played in the same way again.
//
// What is simulated is the clock, the network and the death of the program. The rest is the
// program's own: newsroom, store, clock of embargoes, delivery, federation, feeds and pages.
//
//   - A thing that somebody does is a line of the table in operations_test.go, with how
//     often it is done among a hundred steps: a function of [world] that does it, to the
//     house or from a server, and notes in the model (model_test.go) what follows from it.
//     It draws with w.r only, and does nothing where there is nothing to do it to.
//   - A promise is a line of the table in promises_test.go: a function that looks at the
//     model, at what the inboxes have got and at what the site answers when all is quiet,
//     and says what is wrong. What must hold at each moment is looked at where it
//     happens: [world.arrived] for what goes out, [world.look] for what is read.
//   - What goes wrong with servers is in network_test.go; what the program is made of, and
//     how it dies, in house_test.go; what of its database outlives it in engine_test.go. That
//     SQLite finds what was committed in files that a killed process has left is not played
//     here: the tests of faults kill real ones.
//
// All of a seed runs in one bubble of testing/synctest, whose time passes when everybody
// waits. So nothing in it may wait for the system: no sockets, and no watches of files.
// That a seed repeats hangs on two rules. Nothing is drawn by several goroutines from one
// source; what becomes of a letter is drawn from what it is ([server.fate]). And what is
// traced is what happened at which instant, and nothing that is different each time, such
// as ids.
package simulation

// Package alarms is what somebody on duty has to know of, and the letters that are sent about
// it by e-mail.
//
// An alarm is a row, raised once however many programs see its cause and however often they
// are started. It is open until it is so no longer, and asks for somebody until one has
// acknowledged it. Which alarms there are, and who is written to, is package newsroom's.
//
// A letter is claimed before it is sent ([Tx.ClaimLetter]), for longer than sending takes:
// where the program that sends it dies, another one does, under the same id, by which a mail
// server or a reader knows it again.
//
// This room writes the tables alarms and letters.
package alarms

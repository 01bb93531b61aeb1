// Package actors is who speaks: the accounts of ours in the fediverse, their keys,
// their other names and their moves.
//
// It is a room of its own because it is neither of the two that it stands between:
// an actor says something to its audience by the log, without any article
// ([Tx.AppendActor]), and when it moves it is the deliveries that fall silent.
//
// This room writes the tables actor_keys, actor_aliases and actor_moves.
package actors

//go:build unix

package journal

// Explain is what is told of an error to a user of a group.
func (o Options) Explain(err error, user, group int) error { return o.explain(err, user, group) }

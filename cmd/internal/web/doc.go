// Package web joins the servers on one router: what readers pull (feeds) and
// what the fediverse asks for (federation). It decides by Accept which of the
// two answers an address that both know, and it is the one place where errors
// become status codes: handlers return them, [problemOf] reads them.
package web

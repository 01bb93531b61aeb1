// Package certificates is what servers keep that have a certificate of their own (RFC
// 8555): a tree of small files, as those who speak to authorities want it, and the locks by
// which one server at a time asks. In the database all servers of a site share them, and a
// backup has them.
//
// The room does not read the files: private keys among them are sealed by whoever stores
// them.
//
// This room writes the tables certificate_files and certificate_locks.
package certificates

// Keys under which things on a server are told apart.

package target

import (
	"testing"

	. "github.com/onsi/gomega"
)

// One host is one database server, however its name is written.
func TestDatabaseHost(t *testing.T) {
	g := NewWithT(t)
	for host, is := range map[string]string{
		"DB-2.example": "db-2.example", "db-2.example.": "db-2.example", "localhost.": "localhost", "127.0.0.2": "localhost",
		"::ffff:192.0.2.7": "192.0.2.7", "2001:DB8::0": "2001:db8::", ".": ".",
	} {
		g.Expect(DatabaseHost(host)).To(Equal(is), "%s", host)
	}
}

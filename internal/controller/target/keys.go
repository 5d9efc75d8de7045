// Natural keys, in the form in which the server takes two spellings for the same.

package target

import (
	"cmp"
	"net"
	"path"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// MailKey is the natural key of a mail account: its name, in any case, within its site.
func MailKey(site engine.Identity, name string) engine.Key {
	return engine.Key{Within: site, Name: strings.ToLower(form.SingleBlanks(name))}
}

// DatabaseKey is the natural key of a database: its name within its database server.
func DatabaseKey(server engine.Identity, name string) engine.Key {
	return engine.Key{Within: server, Name: form.SingleBlanks(name)}
}

// DatabaseUserKey is the natural key of a database user: the login within the database.
func DatabaseUserKey(db engine.Identity, login string) engine.Key {
	return engine.Key{Within: db, Name: form.SingleBlanks(login)}
}

// CertificateKey is the natural key of a certificate: its name within the repository of a site, or with the zero identity of the server.
func CertificateKey(site engine.Identity, name string) engine.Key {
	return engine.Key{Within: site, Name: form.SingleBlanks(name)}
}

// CertificateID stands for the id that certificates do not have: the name, with what tells its repository from all others.
func CertificateID(site engine.Identity, name string) string {
	if site == (engine.Identity{}) {
		return "server/" + name
	}
	return site.GUID + "/" + name
}

// FTPUserKey is the natural key of an FTP account: its name within its subscription. No other account of the server has the name, but one that is
// elsewhere by now is another account.
func FTPUserKey(subscription engine.Identity, name string) engine.Key {
	return engine.Key{Within: subscription, Name: form.SingleBlanks(name)}
}

// AliasKey is the natural key of a site alias: its name in punycode, which no other site, subdomain or alias has.
func AliasKey(i *sitealias.Info) engine.Key {
	return engine.Key{Name: form.ShownHostName(cmp.Or(form.Deref(i.ASCIIName), i.Name))}
}

// ProtectedDirectoryKey is the natural key of a protected directory: its path from the site's root, however it is written.
func ProtectedDirectoryKey(site engine.Identity, name string) engine.Key {
	return engine.Key{Within: site, Name: path.Clean("/" + name)}
}

// LoginKey is a login as the server tells two apart: neither case nor surplus blanks count.
func LoginKey(login string) string { return strings.ToLower(form.SingleBlanks(login)) }

// DatabaseServerKey is the natural key of a database server, TYPE/HOST:PORT.
func DatabaseServerKey(kind, host string, port int) string {
	return kind + "/" + net.JoinHostPort(DatabaseHost(host), strconv.Itoa(port))
}

// DatabaseHost is the host of a database server as two are told apart. All names of the machine itself are one: it has one server of a type
// (operators-services §6). A name that ends in a dot is the same name.
func DatabaseHost(host string) string {
	host = strings.ToLower(form.SingleBlanks(host))
	if name := strings.TrimRight(host, ". "); name != "" {
		host = name
	}
	a, err := form.Address(host)
	switch {
	case err != nil:
		return host
	case a.Unmap().IsLoopback():
		return "localhost"
	}
	return a.Unmap().String()
}

// databaseServerName is TYPE/HOST:PORT, however it is written, as its natural key. Anything else is left as it is, in lower case.
func databaseServerName(external string) string {
	kind, at, _ := strings.Cut(strings.ToLower(external), "/")
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return strings.ToLower(external)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return strings.ToLower(external)
	}
	return DatabaseServerKey(kind, host, n)
}

// PlanKey is the natural key of a plan: its name, of a reseller's plan OWNER/NAME. A name of one's own plan that holds a slash
// gets one before it, since logins hold none.
func PlanKey(owner, name string) string {
	if owner != "" || strings.Contains(name, "/") {
		return owner + "/" + name
	}
	return name
}

// SplitPlanKey is the inverse of PlanKey; the owner is nil for one's own plans.
func SplitPlanKey(key string) (owner *string, name string) {
	login, rest, found := strings.Cut(key, "/")
	switch {
	case !found:
		return nil, key
	case login == "":
		return nil, rest
	}
	return &login, rest
}

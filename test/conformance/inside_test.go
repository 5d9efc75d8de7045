// Things that somebody made by hand, and that lie in objects of ours.

package conformance

import (
	"fmt"

	. "github.com/onsi/ginkgo/v2"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/database"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dbserver"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ftpuser"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/protecteddir"
	domains "github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/sitealias"
)

// fillWebspace puts one thing of each sort into a subscription with web hosting and returns what people call them. N tells one filling
// from another.
func fillWebspace(s *site, id string, n int) []string {
	GinkgoHelper()
	webspace := number(s, id)
	name := func(format string) string { return fmt.Sprintf(format, n) }
	addon := name("addon-%d.example")
	do(s, domains.Add, domains.AddRequest{GenSetup: domains.NewGenSetup{Name: addon, WebspaceID: &webspace}})
	below := do(s, domains.Get, domains.GetRequest{Filter: domains.ByName(addon).Query()}).ID
	do(s, domains.Add, domains.AddRequest{GenSetup: domains.NewGenSetup{Name: "shop." + addon, ParentSiteID: &below}})
	do(s, sitealias.Create, sitealias.CreateRequest{Info: sitealias.Info{SiteID: below, Name: name("alias-%d.example")}})
	for _, at := range []int64{webspace, below} {
		do(s, mail.Create, mail.CreateRequest{Filter: mail.NewAccounts{SiteID: at, Accounts: []mail.NewAccount{{Name: fmt.Sprintf("info-%d-%d", n, at)}}}})
	}
	do(s, protecteddir.Add, protecteddir.AddRequest{SiteID: webspace, Name: name("secret-%d")})
	do(s, ftpuser.Add, ftpuser.AddRequest{Name: name("guest-%d"), Password: "By-Hand-2031", WebspaceID: &webspace})
	db := do(s, database.AddDB, database.AddDBRequest{WebspaceID: webspace, Name: name("stock_%d"), Type: dbserver.MySQL}).ID
	do(s, database.AddDBUser, database.AddDBUserRequest{DatabaseID: &db, Login: name("clerk_%d"), Password: "By-Hand-2031"})
	return []string{
		"Site " + addon, "Subdomain shop." + addon, "SiteAlias " + name("alias-%d.example"), fmt.Sprintf("MailAccount info-%d-%d", n, webspace),
		fmt.Sprintf("MailAccount info-%d-%d", n, below), "ProtectedDirectory /" + name("secret-%d"), "FTPUser " + name("guest-%d"),
		"Database " + name("stock_%d"), "DatabaseUser " + name("clerk_%d"),
	}
}

// Lists of mail accounts: of the known sites, since the protocol lists those of one site at a time.

package mail

import (
	"context"

	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// sitesPerPacket is how many sites one packet lists, each by an operation of its own.
const sitesPerPacket = 50

// listed is an account and the site that it is in.
type listed struct {
	at      *engine.Resolved
	account mail.Account
}

// List reads all accounts of the known sites, and in the same packets the sites, whose ids may be others' by now.
func (Account) List(ctx context.Context, d xmlapi.Doer, known engine.Known) ([]*engine.Found[mailValue], error) {
	var all []listed
	for _, some := range engine.ListFilters(site.ByID, known.Parents, sitesPerPacket) {
		of, err := listSites(ctx, d, some)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	return engine.ListOf(mail.GetInfo, all, func(l listed) (*engine.Found[mailValue], error) {
		return foundMail(l.at, l.account, engine.Handle{}), nil
	})
}

// listSites reads the accounts of some sites in one packet. A site that is not there any more has none.
func listSites(ctx context.Context, d xmlapi.Doer, which xmlapi.Filter) ([]listed, error) {
	sites := site.Get.Call(site.GetRequest{Filter: which.Query(), Dataset: site.Dataset{GenInfo: &xmlapi.Empty{}}})
	calls := []xmlapi.Caller{sites}
	accounts := map[string]*xmlapi.Call[mail.GetInfoRequest, mail.GetInfoResult]{}
	for _, id := range which.Values() {
		n, err := engine.Number(id)
		if err != nil {
			return nil, err
		}
		accounts[id] = mail.GetInfo.Call(fullMail(mail.InfoFilter{SiteID: n}))
		calls = append(calls, accounts[id])
	}
	if err := d.Do(ctx, calls...); err != nil {
		return nil, err
	}
	shown, err := sites.All()
	if err != nil {
		return nil, err
	}
	var all []listed
	for _, s := range shown {
		at, err := target.ResolvedAnySite(s)
		if err != nil {
			return nil, err
		}
		call, asked := accounts[at.ID]
		if !asked {
			return nil, xmlapi.Incomplete(site.Get, "only the sites that were asked for")
		}
		of, err := accountsIn(call)
		if err != nil {
			return nil, err
		}
		for _, a := range of {
			all = append(all, listed{at, a})
		}
	}
	return all, nil
}

// EventClasses are those of what is compared: forwarding is a mail group in the log.
func (Account) EventClasses() (own, around []string) {
	return []string{"mailname", "mailname_mailgroup", "mailname_autoresponder", "mailname_antivirus"}, nil
}

// Reading a mail account: within its site, by id, mark or name.

package mail

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/site"
)

// Find asks for what is recorded under its recorded name, since the protocol finds accounts by name only, and looks in the list of the site for
// whatever that does not show.
func (Account) Find(ctx context.Context, d xmlapi.Doer, h engine.Handle) (*engine.Found[mailValue], error) {
	if h.ID != "" && h.Was.Name != "" {
		found, err := readMail(ctx, d, h, h.Was.Name)
		if err != nil || found != nil && found.ID == h.ID {
			return found, err
		}
	}
	name, err := listedMail(ctx, d, h)
	if err != nil || name == "" {
		return nil, err
	}
	found, err := readMail(ctx, d, h, name)
	if found == nil && err == nil {
		err = unclear("the account has gone, or got another name, while it was looked for")
	}
	return found, err
}

// unclear is the error for answers that contradict each other: nothing may be concluded from them.
func unclear(why string) error {
	return &xmlapi.Error{Class: xmlapi.Transient, Operator: mail.GetInfo.Operator(), Operation: mail.GetInfo.Name(), Err: errors.New(why)}
}

// readMail reads the account of a name, nil if there is none.
func readMail(ctx context.Context, d xmlapi.Doer, h engine.Handle, name string) (*engine.Found[mailValue], error) {
	at, accounts, err := mailOf(ctx, d, h.Place(), fullMail(mail.InfoFilter{Names: []string{name}}))
	switch {
	case err != nil || len(accounts) == 0:
		return nil, err
	case len(accounts) > 1:
		return nil, xmlapi.Incomplete(mail.GetInfo, "a single account of the name")
	}
	return foundMail(at, accounts[0], h), nil
}

// fullMail asks for all that the kind compares or shows.
func fullMail(which mail.InfoFilter) mail.GetInfoRequest {
	return mail.GetInfoRequest{
		Filter: which, Mailbox: &xmlapi.Empty{}, MailboxUsage: &xmlapi.Empty{}, Forwarding: &xmlapi.Empty{}, Aliases: &xmlapi.Empty{},
		Autoresponder: &xmlapi.Empty{},
	}
}

// listedMail is the name that the account has in the list of its site, "" if it is not there: by id, by its mark, or by its key. The
// list is read without the accounts' settings: a site may have thousands.
func listedMail(ctx context.Context, d xmlapi.Doer, h engine.Handle) (name string, _ error) {
	at, accounts, err := mailOf(ctx, d, h.Place(), mail.GetInfoRequest{})
	if err != nil {
		return "", err
	}
	found := make([]*engine.Found[mailValue], len(accounts))
	for i, a := range accounts {
		found[i] = foundMail(at, a, h)
	}
	key := h.Key
	if key.Name == "" {
		key = h.Was
	}
	for _, is := range []func(*engine.Found[mailValue]) bool{
		func(f *engine.Found[mailValue]) bool { return h.ID != "" && f.ID == h.ID },
		func(f *engine.Found[mailValue]) bool { return h.Mark != "" && f.Mark == h.Mark },
		func(f *engine.Found[mailValue]) bool { return f.Key.Name == key.Name },
	} {
		if i := slices.IndexFunc(found, is); i >= 0 {
			return accounts[i].Name, nil
		}
	}
	return "", nil
}

// mailOf reads accounts of a site, and in the same packet the site: its id may be another one's by now, and then the GUID leads to it.
// Without the site there are no accounts, and it comes as nil.
func mailOf(ctx context.Context, d xmlapi.Doer, place engine.Identity, ask mail.GetInfoRequest) (*engine.Resolved, []mail.Account, error) {
	id, err := engine.Number(place.ID)
	if err != nil {
		return nil, nil, err
	}
	if place.GUID == "" {
		return nil, nil, fmt.Errorf("the GUID of the site with id %d is not recorded", id)
	}
	ask.Filter.SiteID = id
	call := mail.GetInfo.Call(ask)
	at, err := target.SiteBy(ctx, d, site.ByID(id), call)
	if err != nil {
		return nil, nil, err
	}
	if at == nil || at.GUID != place.GUID {
		moved, err := target.SiteBy(ctx, d, site.ByGUID(place.GUID))
		switch {
		case err != nil || moved == nil:
			return nil, nil, err
		case moved.GUID != place.GUID || moved.ID == place.ID:
			return nil, nil, xmlapi.Incomplete(site.Get, "the site that was asked for by its GUID")
		}
		return mailOf(ctx, d, moved.Identity, ask)
	}
	if e, ok := errors.AsType[*xmlapi.Error](call.Err()); ok && e.About() == xmlapi.AboutOwner {
		return nil, nil, unclear("the site is there, and its mail says that it is not")
	}
	accounts, err := accountsIn(call)
	return at, accounts, err
}

// accountsIn are the accounts of an answer.
func accountsIn(call *xmlapi.Call[mail.GetInfoRequest, mail.GetInfoResult]) ([]mail.Account, error) {
	results, err := call.All()
	if err != nil {
		return nil, err
	}
	accounts := make([]mail.Account, len(results))
	for i, r := range results {
		if r.Account == nil || r.Account.Name == "" {
			return nil, xmlapi.Incomplete(mail.GetInfo, "mailname")
		}
		accounts[i] = *r.Account
	}
	return accounts, nil
}

// foundMail translates what the server shows. A block that it leaves out is one that the account does not have.
func foundMail(at *engine.Resolved, a mail.Account, h engine.Handle) *engine.Found[mailValue] {
	mark, description := engine.CutMark(form.Deref(a.Description))
	v := mailValue{
		Name: &a.Name, Mailbox: new(false), Aliases: a.Aliases, Forwarding: new(false), Addresses: []string{}, Reply: foundReply(a.Autoresponder),
		Antivirus: antivirusWords.API(a.Antivirus), OutgoingLimit: form.OutgoingWords.API(a.OutgoingLimit), Description: &description, Mark: &mark,
		site: at.Identity, domain: at.Key.Name, account: &a,
	}
	if m := a.Mailbox; m != nil {
		v.Mailbox = new(m.Enabled != nil && *m.Enabled)
		if m.Quota != nil {
			v.Quota = new(form.BoundText(*m.Quota))
		}
	}
	if f := a.Forwarding; f != nil {
		v.Forwarding, v.Addresses = new(f.Enabled != nil && *f.Enabled), f.Addresses
	}
	key := target.MailKey(at.Identity, a.Name)
	return &engine.Found[mailValue]{
		Identity: engine.Identity{ID: mailID(a.ID, key, h)},
		Key:      key,
		Mark:     mark,
		In:       append([]engine.Owner{{Kind: at.Kind, Identity: at.Identity}}, at.In...),
		Value:    v,
	}
}

// mailID is the handle of an account. The grammar lets servers omit the id: then the name stands in for it, with the GUID of the site,
// since every site may have that name. One that was told before is not contradicted by an answer without any, under the same name.
func mailID(id int64, key engine.Key, h engine.Handle) string {
	switch {
	case id > 0:
		return engine.IDText(id)
	case h.ID != "" && key.Name == h.Was.Name:
		return h.ID
	}
	return mailAddress(key.Name, key.Within.GUID)
}

func foundReply(a *mail.Autoresponder) *mailReplyValue {
	if a == nil {
		a = &mail.Autoresponder{}
	}
	return &mailReplyValue{
		Enabled: new(a.Enabled != nil && *a.Enabled), Subject: new(form.Deref(a.Subject)), Text: new(form.Deref(a.Text)), ContentType: replyTypeWords.API(a.ContentType),
		Charset: new(form.Deref(a.Charset)), ForwardTo: new(form.Deref(a.Forward)), EndDate: new(form.Deref(a.EndDate)),
	}
}

// PleskMailAccount: operator `mail`, natural key the name in lower case within its site.

// Package mail holds the kinds of mail: accounts, and how the mail of a site is treated.
package mail

import (
	"fmt"
	"math/bits"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/mail"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskmailaccounts,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskmailaccounts/status,verbs=get;update;patch

// Account is the kind PleskMailAccount.
type Account struct{}

var (
	_ engine.Kind[*v1alpha1.PleskMailAccount, mailValue]      = Account{}
	_ engine.Maker[mailValue]                                 = Account{}
	_ engine.Lister[mailValue]                                = Account{}
	_ engine.Logged                                           = Account{}
	_ engine.Normalizer[mailValue]                            = Account{}
	_ engine.SecretUser[*v1alpha1.PleskMailAccount]           = Account{}
	_ engine.Publisher[*v1alpha1.PleskMailAccount, mailValue] = Account{}
	_ engine.Named                                            = Account{}
	_ engine.Blamer                                           = Account{}
)

// mailValue is what a mail account is on the wire. Its mark stands before the description.
type mailValue struct {
	Name          *string         `plesk:"mailName"`
	Mailbox       *bool           `plesk:"mailbox.enabled"`
	Quota         *string         `plesk:"mailbox.quota"` // bytes or "unlimited"
	Aliases       []string        `plesk:"aliases"`
	Forwarding    *bool           `plesk:"forwarding.enabled"`
	Addresses     []string        `plesk:"forwarding.addresses"`
	Reply         *mailReplyValue `plesk:"autoresponder"`
	Antivirus     *string         `plesk:"antivirus"`
	OutgoingLimit *string         `plesk:"outgoingLimit,privileged"`
	Description   *string         `plesk:"description"`
	PanelAccess   *bool           `plesk:"panelAccess,writeonly"`
	Password      *xmlapi.Secret  `plesk:"password,writeonly"`
	Mark          *string         `plesk:"mark,mark=passing"`

	site    engine.Identity // that it is to be made in, or was found in
	domain  string          // of that site
	account *mail.Account   // as found
}

// mailReplyValue is an automatic reply. Its attachments can only be uploaded: they stay as they are.
type mailReplyValue struct {
	Enabled     *bool   `plesk:"enabled"`
	Subject     *string `plesk:"subject"`
	Text        *string `plesk:"text"`
	ContentType *string `plesk:"contentType"`
	Charset     *string `plesk:"charset"`
	ForwardTo   *string `plesk:"forwardTo"`
	EndDate     *string `plesk:"endDate"`
}

var antivirusWords = form.Words{
	{string(v1alpha1.MailAntivirusDisabled), mail.AntivirusOff}, {string(v1alpha1.MailAntivirusIncoming), mail.AntivirusIn},
	{string(v1alpha1.MailAntivirusOutgoing), mail.AntivirusOut}, {string(v1alpha1.MailAntivirusBoth), mail.AntivirusInOut},
}

var replyTypeWords = form.Words{{string(v1alpha1.ReplyContentTypePlainText), "text/plain"}, {string(v1alpha1.ReplyContentTypeHTML), "text/html"}}

const mailPassword = "spec.password"

// Roles leaves out nobody: the documents name administrators and customers, and say nothing of resellers.
func (Account) Roles() []v1alpha1.ServerRole { return engine.ForAnybody }

func (Account) Refs() []engine.Ref[*v1alpha1.PleskMailAccount] {
	return []engine.Ref[*v1alpha1.PleskMailAccount]{{
		Field: "spec.siteRef", Target: target.Sites, Parent: true,
		Get: func(o *v1alpha1.PleskMailAccount) []engine.Mention { return target.SiteMention(o.Spec.SiteRef) },
		Set: func(o *v1alpha1.PleskMailAccount, m []engine.Mention) { o.Spec.SiteRef = target.SiteReference(m) },
	}}
}

func (Account) Secrets(o *v1alpha1.PleskMailAccount) []engine.SecretUse {
	if o.Spec.Password == nil {
		return nil
	}
	return []engine.SecretUse{{Field: mailPassword, Login: o.Spec.MailName, SecretValue: *o.Spec.Password}}
}

func (Account) Desired(o *v1alpha1.PleskMailAccount, in engine.Inputs) (engine.Key, mailValue, error) {
	s, at := &o.Spec, in.Ref("spec.siteRef")
	w := mailValue{
		Name: &s.MailName, Aliases: s.Aliases, Antivirus: (*string)(s.Antivirus), Description: s.Description, PanelAccess: s.PanelAccess,
		Password: in.Secret(mailPassword), Mark: &in.Mark,
		site: at.Identity, domain: at.Key.Name,
	}
	if at.GUID == "" {
		return engine.Key{}, w, engine.Invalid("spec.siteRef", fmt.Sprintf("the GUID of the site %q is not known", at.Key.Name))
	}
	if m := s.Mailbox; m != nil {
		w.Mailbox = &m.Enabled
		if m.Quota != nil {
			n, err := form.LimitNumber("", m.Quota.LimitValue)
			if err != nil {
				return engine.Key{}, w, engine.Invalid("spec.mailbox.quota", err.Error())
			}
			w.Quota = new(form.BoundText(n))
		}
	}
	if f := s.Forwarding; f != nil {
		w.Forwarding, w.Addresses = &f.Enabled, f.Addresses
	}
	if r := s.Autoresponder; r != nil {
		w.Reply = &mailReplyValue{
			Enabled: &r.Enabled, Subject: r.Subject, Text: r.Text, ContentType: (*string)(r.ContentType), Charset: r.Charset,
			ForwardTo: r.ForwardTo, EndDate: r.EndDate,
		}
	}
	if s.OutgoingLimit != nil {
		w.OutgoingLimit = &s.OutgoingLimit.Text
	}
	return target.MailKey(at.Identity, s.MailName), w, nil
}

// Normal puts names and addresses into lower case, and gives texts XML's line ends.
func (Account) Normal(w mailValue) mailValue {
	if w.Name != nil {
		w.Name = new(target.MailKey(engine.Identity{}, *w.Name).Name)
	}
	w.Aliases = form.NormalSet(w.Aliases, func(a string) string { return target.MailKey(engine.Identity{}, a).Name })
	w.Addresses = form.NormalSet(w.Addresses, form.MailAddress)
	if w.Description != nil {
		w.Description = new(form.NormalLines(*w.Description))
	}
	if w.Reply == nil {
		return w
	}
	r := *w.Reply
	if r.Text != nil {
		r.Text = new(form.NormalLines(*r.Text))
	}
	if r.Charset != nil {
		r.Charset = new(strings.ToUpper(form.SingleBlanks(*r.Charset)))
	}
	if r.ForwardTo != nil {
		r.ForwardTo = new(form.MailAddress(*r.ForwardTo))
	}
	w.Reply = &r
	return w
}

func (Account) Observe(o *v1alpha1.PleskMailAccount, f *engine.Found[mailValue]) {
	v := f.Value
	seen := &v1alpha1.ObservedMailAccount{
		Address: mailAddress(v.account.Name, v.domain), Mailbox: *v.Mailbox, Quota: form.Deref(v.Quota), UserGUID: form.Deref(v.account.UserGUID),
	}
	if m := v.account.Mailbox; m != nil && m.Usage != nil {
		seen.Usage = resource.NewQuantity(roughly(*m.Usage), resource.BinarySI)
	}
	o.Status.Observed = seen
}

func mailAddress(name, domain string) string { return name + "@" + domain }

// roughly rounds a size up to a sixteenth of the next power of two.
func roughly(n int64) int64 {
	if n <= 0 {
		return 0
	}
	step := int64(1) << max(bits.Len64(uint64(n))-4, 0)
	return (n + step - 1) / step * step
}

func (Account) PublishTo(o *v1alpha1.PleskMailAccount) string {
	if o.Spec.ConnectionSecretRef == nil {
		return ""
	}
	return o.Spec.ConnectionSecretRef.Name
}

// Publish gives the site's domain as the host: the protocol does not tell which host and ports serve IMAP and SMTP.
func (Account) Publish(_ *v1alpha1.PleskMailAccount, f *engine.Found[mailValue], in engine.Inputs) map[string]xmlapi.Secret {
	values := map[string]xmlapi.Secret{
		"host": xmlapi.Secret(f.Value.domain), "username": xmlapi.Secret(mailAddress(f.Value.account.Name, f.Value.domain)),
	}
	if p := in.Secret(mailPassword); p != nil {
		values["password"] = *p
	}
	return values
}

func (Account) KeyField() string { return nameField }

func (Account) Field(err *xmlapi.Error) string {
	switch {
	case err.About() == xmlapi.AboutName && err.Operation == mail.UpdateSet.Name():
		return aliasesField
	case err.Class == xmlapi.Limit:
		return "spec.mailbox"
	}
	return ""
}

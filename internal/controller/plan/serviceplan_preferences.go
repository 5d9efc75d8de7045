// Preferences of service plans that subscriptions have no field for: mail, log rotation, web server.

package plan

import (
	"cmp"
	"fmt"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/controller/grant"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/serviceplan"
)

// planMailValue is hosting.PlanMail. NonexistentUser is an action with its argument, e.g. "Forward postmaster@acme.example".
type planMailValue struct {
	Service           *bool   `plesk:"mailService"`
	Lists             *bool   `plesk:"mailLists"`
	Webmail           *string `plesk:"webmail"`
	NonexistentUser   *string `plesk:"nonexistentUser"`
	MailboxLimit      *string `plesk:"outgoing.mailboxLimit,privileged"`
	DomainLimit       *string `plesk:"outgoing.domainLimit,privileged"`
	SubscriptionLimit *string `plesk:"outgoing.subscriptionLimit,privileged"`
	Sendmail          *string `plesk:"outgoing.sendmail,privileged"`
	OverlimitPercent  *int    `plesk:"outgoing.overlimitPercent,privileged"`
}

var sendmailWords = form.Words{
	{string(v1alpha1.SendmailAllowed), "true"}, {string(v1alpha1.SendmailForbidden), "false"}, {string(v1alpha1.SendmailDefault), "default"},
}

func wantedPlanMail(m *v1alpha1.PlanMail) *planMailValue {
	if m == nil {
		return nil
	}
	v := &planMailValue{Service: m.MailService, Lists: m.MailLists, Webmail: m.Webmail, NonexistentUser: grant.WantedNonexistentUser(m.NonexistentUser)}
	if out := m.Outgoing; out != nil {
		text := func(l *v1alpha1.OutgoingLimit) *string {
			if l == nil {
				return nil
			}
			return new(l.Text)
		}
		v.MailboxLimit, v.DomainLimit, v.SubscriptionLimit = text(out.MailboxLimit), text(out.DomainLimit), text(out.SubscriptionLimit)
		v.Sendmail = (*string)(out.Sendmail)
		if out.OverlimitPercent != nil {
			v.OverlimitPercent = new(int(*out.OverlimitPercent))
		}
	}
	return v
}

func foundPlanMail(m *hosting.PlanMail) *planMailValue {
	if m == nil {
		return nil
	}
	return &planMailValue{
		Service: m.MailService, Lists: m.MailLists, Webmail: m.Webmail, NonexistentUser: grant.FoundNonexistentUser(m.NonexistentUser),
		MailboxLimit: form.OutgoingWords.API(m.MailboxLimit), DomainLimit: form.OutgoingWords.API(m.DomainLimit),
		SubscriptionLimit: form.OutgoingWords.API(m.SubscriptionLimit), Sendmail: sendmailWords.API(m.EnableSendmail), OverlimitPercent: m.OverlimitPercent,
	}
}

func (v *planMailValue) normal() *planMailValue {
	if v == nil {
		return nil
	}
	n := *v
	form.Collapse(&n.Webmail)
	n.NonexistentUser = grant.NormalNonexistentUser(n.NonexistentUser)
	return &n
}

// wire is what to write, nil for nothing.
func (v *planMailValue) wire() *hosting.PlanMail {
	if v == nil || *v == (planMailValue{}) {
		return nil
	}
	return &hosting.PlanMail{NonexistentUser: grant.WireNonexistentUser(v.NonexistentUser), Webmail: v.Webmail, MailLists: v.Lists, MailService: v.Service, OutgoingMail: hosting.OutgoingMail{
		MailboxLimit: form.OutgoingWords.Wire(v.MailboxLimit), DomainLimit: form.OutgoingWords.Wire(v.DomainLimit),
		SubscriptionLimit: form.OutgoingWords.Wire(v.SubscriptionLimit), EnableSendmail: sendmailWords.Wire(v.Sendmail), OverlimitPercent: v.OverlimitPercent,
	}}
}

// logRotationValue is serviceplan.LogRotation. Size is a quantity in canonical form.
type logRotationValue struct {
	Enabled  *bool   `plesk:"enabled"`
	Schedule *string `plesk:"schedule"`
	Size     *string `plesk:"size"`
	MaxFiles *int    `plesk:"maxFiles"`
	Compress *bool   `plesk:"compress"`
	Email    *string `plesk:"email"`
}

func wantedLogRotation(l *v1alpha1.PlanLogRotation) (*logRotationValue, error) {
	if l == nil {
		return nil, nil
	}
	v := &logRotationValue{Enabled: &l.Enabled, Schedule: (*string)(l.Schedule), Compress: l.Compress, Email: l.Email}
	if l.MaxFiles != nil {
		v.MaxFiles = new(int(*l.MaxFiles))
	}
	if l.Size != nil {
		n, err := form.Bytes(*l.Size)
		if err != nil {
			return nil, engine.Invalid("spec.logRotation.size", err.Error())
		}
		v.Size = new(form.SizeText(n))
	}
	return v, nil
}

func foundLogRotation(l *serviceplan.LogRotation) *logRotationValue {
	if l == nil {
		return nil
	}
	on := l.On
	if on == nil {
		return &logRotationValue{Enabled: new(false)}
	}
	v := &logRotationValue{Enabled: new(true), Schedule: on.Condition.ByTime, MaxFiles: on.MaxFiles, Compress: on.Compress, Email: on.Email}
	if on.Condition.BySize != nil {
		v.Size = new(form.SizeText(int64(*on.Condition.BySize)))
	}
	return v
}

func (v *logRotationValue) normal() *logRotationValue {
	if v == nil {
		return nil
	}
	n := *v
	form.Collapse(&n.Email)
	return &n
}

// whole completes a change of log rotation: the protocol takes it as a whole. The condition is the wanted one, the rest what is wanted,
// else what the server has.
func (v *logRotationValue) whole(want, have *logRotationValue) *logRotationValue {
	if v == nil || want == nil {
		return nil
	}
	w := *want
	if have != nil {
		w.MaxFiles, w.Compress, w.Email = cmp.Or(w.MaxFiles, have.MaxFiles), cmp.Or(w.Compress, have.Compress), cmp.Or(w.Email, have.Email)
	}
	return &w
}

// wire is what to write, nil for nothing.
func (v *logRotationValue) wire() (*serviceplan.LogRotation, error) {
	if v == nil || v.Enabled == nil {
		return nil, nil
	}
	if !*v.Enabled {
		return &serviceplan.LogRotation{Off: &xmlapi.Empty{}}, nil
	}
	on := &hosting.LogRotation{MaxFiles: v.MaxFiles, Compress: v.Compress, Email: v.Email}
	switch {
	case v.Schedule != nil:
		on.Condition.ByTime = v.Schedule
	case v.Size != nil:
		q, err := resource.ParseQuantity(*v.Size)
		if err != nil {
			return nil, engine.Invalid("spec.logRotation.size", err.Error())
		}
		on.Condition.BySize = new(int(q.Value()))
	default:
		return nil, engine.Invalid("spec.logRotation", "one of schedule and size is required")
	}
	return &serviceplan.LogRotation{On: on}, nil
}

// webServerValue is serviceplan.WebServerSettings.
type webServerValue struct {
	HTTP             *string `plesk:"additionalHTTP,privileged,needs=web-server-settings"`
	HTTPS            *string `plesk:"additionalHTTPS,privileged,needs=web-server-settings"`
	Nginx            *string `plesk:"additionalNginx,privileged,needs=web-server-settings"`
	RestrictSymlinks *bool   `plesk:"restrictFollowSymlinks,privileged,needs=web-server-settings"`
	NginxProxy       *bool   `plesk:"nginxProxyMode,privileged,needs=nginx-proxy-mode"`
}

func wantedWebServer(s *v1alpha1.PlanWebServer) *webServerValue {
	if s == nil {
		return nil
	}
	return &webServerValue{
		HTTP: s.AdditionalHTTP, HTTPS: s.AdditionalHTTPS, Nginx: s.AdditionalNginx, RestrictSymlinks: s.RestrictFollowSymlinks, NginxProxy: s.NginxProxyMode,
	}
}

func foundWebServer(s *serviceplan.WebServerSettings) *webServerValue {
	if s == nil {
		return nil
	}
	return &webServerValue{
		HTTP: s.Additional, HTTPS: s.AdditionalSSL, Nginx: s.AdditionalNginx,
		RestrictSymlinks: form.Flag(s.RestrictFollowSymLinks), NginxProxy: form.Flag(s.NginxProxyMode),
	}
}

func (v *webServerValue) normal() *webServerValue {
	if v == nil {
		return nil
	}
	n := *v
	form.Collapse(&n.HTTP, &n.HTTPS, &n.Nginx)
	return &n
}

// wire is what to write, nil for nothing.
func (v *webServerValue) wire() *serviceplan.WebServerSettings {
	if v == nil || *v == (webServerValue{}) {
		return nil
	}
	text := func(b *bool) *string {
		if b == nil {
			return nil
		}
		return new(fmt.Sprint(*b))
	}
	return &serviceplan.WebServerSettings{
		Additional: v.HTTP, AdditionalSSL: v.HTTPS, AdditionalNginx: v.Nginx,
		RestrictFollowSymLinks: text(v.RestrictSymlinks), NginxProxyMode: text(v.NginxProxy),
	}
}

// PleskServerSettings: operators `server` set, `dns`, `locale` and `php-handler`; a server has one set of them.

package panel

import (
	"slices"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/locale"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/phphandler"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskserversettings,verbs=get;list;watch;update;patch
// +kubebuilder:rbac:groups=plesk-operator.dev,resources=pleskserversettings/status,verbs=get;update;patch

// ServerSettings is the kind PleskServerSettings. They come with the server, whose GUID they are known by. Events tell of some of them only: they are
// looked at as what no event tells of.
type ServerSettings struct{}

var (
	_ engine.Kind[*v1alpha1.PleskServerSettings, settingsValue] = ServerSettings{}
	_ engine.Normalizer[settingsValue]                          = ServerSettings{}
	_ engine.ServerScoped                                       = ServerSettings{}
	_ engine.Blamer                                             = ServerSettings{}
	_ engine.Unexportable                                       = ServerSettings{}
)

// settingsValue is the settings, in the words of the API. Maps hold "true" and "false"; what the server does not tell is nil.
type settingsValue struct {
	View           *string        `plesk:"view,needs=power-user"`
	SessionTimeout *time.Duration `plesk:"sessionTimeout"`

	MaxConnections      *int    `plesk:"mail.maxConnections"`
	MaxConnectionsPerIP *int    `plesk:"mail.maxConnectionsPerIP"`
	MailCertificate     *string `plesk:"mail.certificateName,needs=server/certificates"` // of another repository: with its site
	OutgoingMode        *string `plesk:"mail.outgoing.mode"`
	OutgoingIPv4        *string `plesk:"mail.outgoing.ipv4"`
	OutgoingIPv6        *string `plesk:"mail.outgoing.ipv6"`
	ControlEnabled      *bool   `plesk:"mail.outgoingControl.enabled"`
	MailboxLimit        *int    `plesk:"mail.outgoingControl.mailboxLimit"`
	DomainLimit         *int    `plesk:"mail.outgoingControl.domainLimit"`
	SubscriptionLimit   *int    `plesk:"mail.outgoingControl.subscriptionLimit"`
	Sendmail            *bool   `plesk:"mail.outgoingControl.sendmail"`
	ReportPeriod        *string `plesk:"mail.outgoingControl.reportPeriod"`
	NotificationPeriod  *string `plesk:"mail.outgoingControl.notificationPeriod"`

	Notifications      *bool   `plesk:"notifications.enabled"`
	UseDefaultSettings *bool   `plesk:"notifications.useDefaultSettings"`
	SMTPHost           *string `plesk:"notifications.smtpHost"`
	SMTPPort           *int    `plesk:"notifications.smtpPort"`
	SMTPLogin          *string `plesk:"notifications.smtpLogin"`
	SMTPTLS            *bool   `plesk:"notifications.smtpTLS"`
	SMTPForUsers       *bool   `plesk:"notifications.smtpForUsers"`

	RetentionMonths        *int    `plesk:"statistics.retentionMonths"`
	IncludeRemoteDatabases *bool   `plesk:"statistics.includeRemoteDatabases"`
	Traffic                *string `plesk:"statistics.traffic"`

	RestartInterval   *int    `plesk:"web.restartIntervalSeconds"`
	PipedLogs         *bool   `plesk:"web.pipedLogs"`
	PreviewProtection *bool   `plesk:"web.previewProtection"`
	FirewallMode      *string `plesk:"web.firewallMode"`
	FirewallRuleSet   *string `plesk:"web.firewallRuleSet"`

	FTPOverTLS     *string `plesk:"ftpOverTLS"`
	ForceUpdates   *bool   `plesk:"applications.forceUpdates"`
	SuggestUpdates *bool   `plesk:"applications.suggestUpdates"`

	Recursion   *string  `plesk:"dns.recursion"`
	TransferACL []string `plesk:"dns.transferACL"` // in canonical form
	RemoteDNS   *bool    `plesk:"dns.remote"`

	Locales     map[string]string `plesk:"locales"`
	PHPHandlers map[string]string `plesk:"phpHandlers"`

	Enforced   *bool    `plesk:"prohibitedDomains.enforced"`
	Prohibited []string `plesk:"prohibitedDomains.names"` // in punycode

	hosts map[string]string // of the transfer list found, as the server writes them
}

// settingsKey is the name of the one set of settings of a server.
const settingsKey = "server settings"

func (ServerSettings) NotExported() string {
	return "what of them somebody wants, and what the server was installed with, no answer tells: describe those that matter"
}

func (ServerSettings) Roles() []v1alpha1.ServerRole { return engine.ForAdministrators }

func (ServerSettings) ServerScoped() {}

func (ServerSettings) Refs() []engine.Ref[*v1alpha1.PleskServerSettings] { return nil }

func (ServerSettings) Desired(o *v1alpha1.PleskServerSettings, _ engine.Inputs) (engine.Key, settingsValue, error) {
	w, err := wantedSettings(&o.Spec)
	return engine.Key{Name: settingsKey}, w, err
}

// Normal brings texts into the form in which they are compared.
func (ServerSettings) Normal(w settingsValue) settingsValue {
	for _, text := range []**string{&w.SMTPHost, &w.SMTPLogin, &w.FirewallRuleSet, &w.MailCertificate} {
		form.Collapse(text)
	}
	for _, address := range []**string{&w.OutgoingIPv4, &w.OutgoingIPv6} {
		if *address != nil {
			*address = new(form.ShownAddress(**address))
		}
	}
	return w
}

func (ServerSettings) Observe(o *v1alpha1.PleskServerSettings, f *engine.Found[settingsValue]) {
	v := f.Value
	seen := &v1alpha1.ObservedServerSettings{
		Settings: map[string]string{}, TransferACL: slices.Sorted(slices.Values(v.TransferACL)), ProhibitedDomains: slices.Sorted(slices.Values(v.Prohibited)),
	}
	for _, c := range engine.Diff(v, settingsValue{}) { // all that there is
		if c.Member == nil {
			seen.Settings[c.Field] = c.To
		}
	}
	o.Status.Observed = seen
}

func (ServerSettings) Field(err *xmlapi.Error) string {
	if err.Operator == "server" && err.Operation == server.Set.Name() && err.Class == xmlapi.NotFound {
		return "spec.mail.certificateName" // nothing else of it names something
	}
	switch [2]string{err.Operator, err.Operation} {
	case [2]string{"dns", dns.SetRecursion.Name()}, [2]string{"dns", dns.GetRecursion.Name()}:
		return "spec.dns.recursion"
	case [2]string{"dns", dns.AddToACL.Name()}, [2]string{"dns", dns.RemoveFromACL.Name()}, [2]string{"dns", dns.GetACL.Name()}:
		return "spec.dns.transferACL"
	case [2]string{"dns", dns.EnableRemoteDNS.Name()}, [2]string{"dns", dns.DisableRemoteDNS.Name()}:
		return "spec.dns.remote"
	case [2]string{"locale", locale.Enable.Name()}, [2]string{"locale", locale.Disable.Name()}, [2]string{"locale", locale.Get.Name()}:
		return "spec.locales"
	case [2]string{"php-handler", phphandler.Enable.Name()}, [2]string{"php-handler", phphandler.Disable.Name()}, [2]string{"php-handler", phphandler.Get.Name()}:
		return "spec.phpHandlers"
	case [2]string{"server", server.DomainRestrictionAdd.Name()}, [2]string{"server", server.DomainRestrictionRemove.Name()},
		[2]string{"server", server.DomainRestrictionEnable.Name()}, [2]string{"server", server.DomainRestrictionDisable.Name()}:
		return "spec.prohibitedDomains"
	}
	return ""
}

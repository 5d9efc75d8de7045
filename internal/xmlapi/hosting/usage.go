// What subscriptions and sites use, and the buttons that extensions add to them.

package hosting

import "github.com/plesk-operator/plesk-operator/internal/xmlapi"

// Stat counts what a subscription or site holds. Traffic (of this month and the day before) is in bytes.
type Stat struct {
	Traffic        int64 `xml:"traffic"`
	Subdomains     int64 `xml:"subdom"`
	WebUsers       int64 `xml:"wu"`
	Mailboxes      int64 `xml:"box"`
	Redirects      int64 `xml:"redir"`
	MailGroups     int64 `xml:"mg"`
	MailResponders int64 `xml:"resp"`
	MailLists      int64 `xml:"maillists"`
	Databases      int64 `xml:"db"`
	MSSQLDatabases int64 `xml:"mssql_db"`
	TrafficPrevDay int64 `xml:"traffic_prevday"`
}

// DiskUsage is in bytes. Databases are one number, or one of each kind.
type DiskUsage struct {
	HTTPDocs        int64  `xml:"httpdocs"`
	HTTPSDocs       int64  `xml:"httpsdocs"`
	Subdomains      int64  `xml:"subdomains"`
	WebUsers        int64  `xml:"web_users"`
	AnonymousFTP    int64  `xml:"anonftp"`
	Logs            int64  `xml:"logs"`
	Databases       *int64 `xml:"dbases" choice:"databases:all,required"`
	MySQLDatabases  *int64 `xml:"mysql_dbases" choice:"databases:kinds,required"`
	MSSQLDatabases  *int64 `xml:"mssql_dbases" choice:"databases:kinds,required"`
	Mailboxes       int64  `xml:"mailboxes"`
	MailLists       int64  `xml:"maillists"`
	DomainDumps     int64  `xml:"domaindumps"`
	Configuration   *int64 `xml:"configs" choice:"system:both"`
	ChrootDirectory *int64 `xml:"chroot" choice:"system:both"`
}

// Traffic is the traffic of one day in bytes.
type Traffic struct {
	Date        string `xml:"date"` // YYYY-MM-DD
	HTTPIn      int64  `xml:"http_in"`
	HTTPOut     int64  `xml:"http_out"`
	FTPIn       int64  `xml:"ftp_in"`
	FTPOut      int64  `xml:"ftp_out"`
	SMTPIn      int64  `xml:"smtp_in"`
	SMTPOut     int64  `xml:"smtp_out"`
	POP3IMAPIn  int64  `xml:"pop3_imap_in"`
	POP3IMAPOut int64  `xml:"pop3_imap_out"`
}

// Days bounds what is read to some days (YYYY-MM-DD); each bound is included and optional.
type Days struct {
	Since *string `xml:"since_date"`
	To    *string `xml:"to_date"`
}

// GetTrafficResult holds the traffic of one subscription or site by day.
type GetTrafficResult struct {
	xmlapi.FilterResult
	Traffic []Traffic `xml:"traffic"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r GetTrafficResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Traffic) == 0 && r.ID == 0
}

// SetTrafficRequest says how much mail one subscription or site had on one day, in bytes.
type SetTrafficRequest struct {
	DomainID    int64  `xml:"dom_id"`
	Date        string `xml:"date"` // YYYY-MM-DD
	SMTPIn      int64  `xml:"smtp_in"`
	SMTPOut     int64  `xml:"smtp_out"`
	POP3IMAPIn  int64  `xml:"pop3_imap_in"`
	POP3IMAPOut int64  `xml:"pop3_imap_out"`
}

// SetTrafficResult names the subscription or site.
type SetTrafficResult struct {
	xmlapi.Result
	ID int64 `xml:"id,omitempty"`
}

// ResourceUsage is what is used of the resources that limits bound, by the limits' names.
type ResourceUsage struct {
	Resources []Usage `xml:"resource"`
	Counters  []Usage `xml:"counter"`
}

// Usage is one resource and how much of it is used.
type Usage struct {
	Name  string `xml:"name"`
	Value string `xml:"value"`
}

// Button is a link of the panel's page of a subscription or site.
type Button struct {
	Code          string  `xml:"code"`
	Type          string  `xml:"type"`
	Name          string  `xml:"name"`
	NameID        string  `xml:"name_id"`
	GroupName     string  `xml:"group_name"`
	GroupNameID   string  `xml:"group_name_id"`
	Href          string  `xml:"href"`
	OnClick       *string `xml:"js_onclick"`
	Enabled       bool    `xml:"enabled"`
	NewWindow     *bool   `xml:"new_window"`
	TabIndex      *int    `xml:"tabindex"`
	ContextHelpID *string `xml:"conhelp_id"`
	ContextHelp   *string `xml:"conhelp"`
	IconURL       *string `xml:"icon_url"`
}

// ButtonsListResult holds the buttons of one subscription or site.
type ButtonsListResult struct {
	xmlapi.FilterResult
	Buttons []Button `xml:"button"`
}

// Empty reports whether the result is the server's way to say that nothing matched.
func (r ButtonsListResult) Empty() bool {
	return r.Status == xmlapi.StatusOK && len(r.Buttons) == 0 && r.ID == 0
}

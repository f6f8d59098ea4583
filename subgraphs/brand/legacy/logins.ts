// Who may call IMS, unless it is started with others. The passwords are as good as one expects of 2008.

export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Other systems. */
export const INTERFACE_LOGIN: Login = { user: "IFUSER", password: "ims2008" };

/** The brand's own people. */
export const STAFF_LOGIN: Login = { user: "STAFF", password: "aurora" };

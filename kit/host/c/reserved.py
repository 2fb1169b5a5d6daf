"""Names that mean something in C or its library, so that no variable can have them."""

import re

_NAMES = """
AIO_PRIO_DELTA_MAX BC_BASE_MAX BC_DIM_MAX BC_SCALE_MAX BC_STRING_MAX BIG_ENDIAN BOOL_MAX
BOOL_WIDTH BUFSIZ BYTE_ORDER CHARCLASS_NAME_MAX CHAR_BIT CHAR_MAX CHAR_MIN CHAR_WIDTH
CLOCKS_PER_SEC CLOSE_RANGE_CLOEXEC CLOSE_RANGE_UNSHARE COLL_WEIGHTS_MAX CSIGNAL DELAYTIMER_MAX
EXIT_FAILURE EXIT_SUCCESS EXPR_NEST_MAX FAPPEND FASYNC FFSYNC FILE FILENAME_MAX FNDELAY
FNONBLOCK FOPEN_MAX HOST_NAME_MAX HUGE_VAL HUGE_VALF HUGE_VALL HUGE_VAL_F128 HUGE_VAL_F32
HUGE_VAL_F32X HUGE_VAL_F64 HUGE_VAL_F64X INFINITY INTMAX_C INTMAX_MAX INTMAX_MIN INTMAX_WIDTH
INTPTR_MAX INTPTR_MIN INTPTR_WIDTH IOV_MAX LINE_MAX LITTLE_ENDIAN LLONG_MAX LLONG_MIN
LLONG_WIDTH LOGIN_NAME_MAX LONG_BIT LONG_LONG_MAX LONG_LONG_MIN LONG_MAX LONG_MIN LONG_WIDTH
L_INCR L_SET L_XTND L_ctermid L_cuserid L_tmpnam MAXFLOAT MAX_CANON MAX_HANDLE_SZ MAX_INPUT
MB_CUR_MAX MB_LEN_MAX MINSIGSTKSZ MOD_CLKA MOD_CLKB MOD_ESTERROR MOD_FREQUENCY MOD_MAXERROR
MOD_MICRO MOD_NANO MOD_OFFSET MOD_STATUS MOD_TAI MOD_TIMECONST MQ_PRIO_MAX NAME_MAX NAN NGREG
NGROUPS_MAX NL_ARGMAX NL_LANGMAX NL_MSGMAX NL_NMAX NL_SETMAX NL_TEXTMAX NSIG NULL NZERO PATH_MAX
PDP_ENDIAN PIPE_BUF PKEY_DISABLE_ACCESS PKEY_DISABLE_WRITE RAND_MAX RE_DUP_MAX ROBUST_LIST_LIMIT
RTSIG_MAX R_OK SA_INTERRUPT SA_NOCLDSTOP SA_NOCLDWAIT SA_NODEFER SA_NOMASK SA_ONESHOT SA_ONSTACK
SA_RESETHAND SA_RESTART SA_SIGINFO SA_STACK SCHAR_MAX SCHAR_MIN SCHAR_WIDTH SEM_FAILED
SEM_VALUE_MAX SHRT_MAX SHRT_MIN SHRT_WIDTH SIGEV_NONE SIGEV_SIGNAL SIGEV_THREAD SIGEV_THREAD_ID
SIG_BLOCK SIG_DFL SIG_ERR SIG_HOLD SIG_IGN SIG_SETMASK SIG_UNBLOCK SNAN SNANF SNANF128 SNANF32
SNANF32X SNANF64 SNANF64X SNANL SSIZE_MAX SS_DISABLE SS_ONSTACK STA_CLK STA_CLOCKERR STA_DEL
STA_FLL STA_FREQHOLD STA_INS STA_MODE STA_NANO STA_PLL STA_PPSERROR STA_PPSFREQ STA_PPSJITTER
STA_PPSSIGNAL STA_PPSTIME STA_PPSWANDER STA_RONLY STA_UNSYNC STDERR_FILENO STDIN_FILENO
STDOUT_FILENO SYSCALL_DISPATCH_FILTER_ALLOW SYSCALL_DISPATCH_FILTER_BLOCK TEMP_FAILURE_RETRY
TIME_UTC TMP_MAX TTY_NAME_MAX UCHAR_MAX UCHAR_WIDTH ULLONG_MAX ULLONG_WIDTH ULONG_LONG_MAX
ULONG_MAX ULONG_WIDTH USHRT_MAX USHRT_WIDTH UTIME_NOW UTIME_OMIT Use WAIT_ANY WAIT_MYPGRP
WORD_BIT W_EXITCODE W_OK W_STOPCODE XATTR_LIST_MAX XATTR_NAME_MAX XATTR_SIZE_MAX X_OK a64l abort
abs access acct acos acosf acosf128 acosf32 acosf32x acosf64 acosf64x acosh acoshf acoshf128
acoshf32 acoshf32x acoshf64 acoshf64x acoshl acosl alarm aligned_alloc alloca arc4random
arc4random_buf arc4random_uniform arg_end arg_start asctime asctime_r asin asinf asinf128
asinf32 asinf32x asinf64 asinf64x asinh asinhf asinhf128 asinhf32 asinhf32x asinhf64 asinhf64x
asinhl asinl asm asprintf assert_perror at_quick_exit atan atan2 atan2f atan2f128 atan2f32
atan2f32x atan2f64 atan2f64x atan2l atanf atanf128 atanf32 atanf32x atanf64 atanf64x atanh
atanhf atanhf128 atanhf32 atanhf32x atanhf64 atanhf64x atanhl atanl atexit atof atoi atol atoll
auto auxv auxv_size basename bcmp bcopy blkcnt64_t blkcnt_t blksize_t bool brk bsearch bzero
cabs caddr_t calcnt calloc canonicalize canonicalize_file_name canonicalizef canonicalizef128
canonicalizef32 canonicalizef32x canonicalizef64 canonicalizef64x canonicalizel carg case cbrt
cbrtf cbrtf128 cbrtf32 cbrtf32x cbrtf64 cbrtf64x cbrtl ceil ceilf ceilf128 ceilf32 ceilf32x
ceilf64 ceilf64x ceill cexp char chdir chown chroot cimag clearenv clearerr clearerr_unlocked
clock clock_adjtime clock_getcpuclockid clock_getres clock_gettime clock_nanosleep clock_settime
clock_t clockid_t clog clone close close_range closefrom comparison_fn_t confstr conj const
constant cookie_close_function_t cookie_io_functions_t cookie_read_function_t
cookie_seek_function_t cookie_write_function_t copy_file_range copysign copysignf copysignf128
copysignf32 copysignf32x copysignf64 copysignf64x copysignl cos cosf cosf128 cosf32 cosf32x
cosf64 cosf64x cosh coshf coshf128 coshf32 coshf32x coshf64 coshf64x coshl cosl cpow cpu_set_t
cr2 creal creat creat64 crypt cs csin csqrt ctermid ctime ctime_r cuserid cwd daddl daddr_t
daemon daylight dcgettext ddivl default deprecated dev_t dfmal dgettext difftime div div_t dmull
do double double_t dprintf drand48 drand48_data drand48_r drem dremf dreml dsqrtl dsubl dup dup2
dup3 dysize eaccess ecvt ecvt_r eflags element end_code end_data end_ptr endusershell enum
env_end env_start environ erand48 erand48_r erf erfc erfcf erfcf128 erfcf32 erfcf32x erfcf64
erfcf64x erfcl erff erff128 erff32 erff32x erff64 erff64x erfl err errcnt errno error_t esterror
euidaccess exe_fd execl execle execlp execv execve execveat execvp execvpe exit exp exp10 exp10f
exp10f128 exp10f32 exp10f32x exp10f64 exp10f64x exp10l exp2 exp2f exp2f128 exp2f32 exp2f32x
exp2f64 exp2f64x exp2l expf expf128 expf32 expf32x expf64 expf64x expl explicit_bzero expm1
expm1f expm1f128 expm1f32 expm1f32x expm1f64 expm1f64x expm1l exponent extended_size extern
f32addf128 f32addf32x f32addf64 f32addf64x f32divf128 f32divf32x f32divf64 f32divf64x f32fmaf128
f32fmaf32x f32fmaf64 f32fmaf64x f32mulf128 f32mulf32x f32mulf64 f32mulf64x f32sqrtf128
f32sqrtf32x f32sqrtf64 f32sqrtf64x f32subf128 f32subf32x f32subf64 f32subf64x f32xaddf128
f32xaddf64 f32xaddf64x f32xdivf128 f32xdivf64 f32xdivf64x f32xfmaf128 f32xfmaf64 f32xfmaf64x
f32xmulf128 f32xmulf64 f32xmulf64x f32xsqrtf128 f32xsqrtf64 f32xsqrtf64x f32xsubf128 f32xsubf64
f32xsubf64x f64addf128 f64addf64x f64divf128 f64divf64x f64fmaf128 f64fmaf64x f64mulf128
f64mulf64x f64sqrtf128 f64sqrtf64x f64subf128 f64subf64x f64xaddf128 f64xdivf128 f64xfmaf128
f64xmulf128 f64xsqrtf128 f64xsubf128 f_handle f_owner_ex fabs fabsf fabsf128 fabsf32 fabsf32x
fabsf64 fabsf64x fabsl faccessat fadd faddl fallocate fallocate64 false fchdir fchown fchownat
fclose fcloseall fcntl fcntl64 fcvt fcvt_r fd_mask fd_set fdatasync fdim fdimf fdimf128 fdimf32
fdimf32x fdimf64 fdimf64x fdiml fdiv fdivl fdopen fds_bits feof feof_unlocked ferror
ferror_unlocked fexecve fflush fflush_unlocked ffma ffmal ffs ffsl ffsll fgetc fgetc_unlocked
fgetpos fgetpos64 fgets fgets_unlocked file_handle fileno fileno_unlocked finite finitef finitel
flags float float_t flock flock64 flockfile floor floorf floorf128 floorf32 floorf32x floorf64
floorf64x floorl fma fmaf fmaf128 fmaf32 fmaf32x fmaf64 fmaf64x fmal fmax fmaxf fmaxf128 fmaxf32
fmaxf32x fmaxf64 fmaxf64x fmaximum fmaximum_mag fmaximum_mag_num fmaximum_mag_numf
fmaximum_mag_numf128 fmaximum_mag_numf32 fmaximum_mag_numf32x fmaximum_mag_numf64
fmaximum_mag_numf64x fmaximum_mag_numl fmaximum_magf fmaximum_magf128 fmaximum_magf32
fmaximum_magf32x fmaximum_magf64 fmaximum_magf64x fmaximum_magl fmaximum_num fmaximum_numf
fmaximum_numf128 fmaximum_numf32 fmaximum_numf32x fmaximum_numf64 fmaximum_numf64x fmaximum_numl
fmaximumf fmaximumf128 fmaximumf32 fmaximumf32x fmaximumf64 fmaximumf64x fmaximuml fmaxl fmaxmag
fmaxmagf fmaxmagf128 fmaxmagf32 fmaxmagf32x fmaxmagf64 fmaxmagf64x fmaxmagl fmemopen fmin fminf
fminf128 fminf32 fminf32x fminf64 fminf64x fminimum fminimum_mag fminimum_mag_num
fminimum_mag_numf fminimum_mag_numf128 fminimum_mag_numf32 fminimum_mag_numf32x
fminimum_mag_numf64 fminimum_mag_numf64x fminimum_mag_numl fminimum_magf fminimum_magf128
fminimum_magf32 fminimum_magf32x fminimum_magf64 fminimum_magf64x fminimum_magl fminimum_num
fminimum_numf fminimum_numf128 fminimum_numf32 fminimum_numf32x fminimum_numf64 fminimum_numf64x
fminimum_numl fminimumf fminimumf128 fminimumf32 fminimumf32x fminimumf64 fminimumf64x fminimuml
fminl fminmag fminmagf fminmagf128 fminmagf32 fminmagf32x fminmagf64 fminmagf64x fminmagl fmod
fmodf fmodf128 fmodf32 fmodf32x fmodf64 fmodf64x fmodl fmul fmull fop fopen fopen64 fopencookie
fork fpathconf fpclassify fpos64_t fpos_t fpregs fpregset_t fprintf fpstate fptr fputc
fputc_unlocked fputs fputs_unlocked fread fread_unlocked free freopen freopen64 freq frexp
frexpf frexpf128 frexpf32 frexpf32x frexpf64 frexpf64x frexpl fromfp fromfpf fromfpf128
fromfpf32 fromfpf32x fromfpf64 fromfpf64x fromfpl fromfpx fromfpxf fromfpxf128 fromfpxf32
fromfpxf32x fromfpxf64 fromfpxf64x fromfpxl fs fsblkcnt64_t fsblkcnt_t fscanf fseek fseeko
fseeko64 fsetpos fsetpos64 fsfilcnt64_t fsfilcnt_t fsid_t fsqrt fsqrtl fsub fsubl fsync ftell
ftello ftello64 ftruncate ftruncate64 ftrylockfile ftw function functions funlockfile
futex_offset futex_waitv fwrite fwrite_unlocked gamma gammaf gammal gcvt get_current_dir_name
getc getc_unlocked getchar getchar_unlocked getcpu getcwd getdate getdate_err getdate_r getdelim
getdomainname getdtablesize getegid getentropy getenv geteuid getgid getgroups gethostid
gethostname getline getloadavg getlogin getlogin_r getopt getpagesize getpass getpayload
getpayloadf getpayloadf128 getpayloadf32 getpayloadf32x getpayloadf64 getpayloadf64x getpayloadl
getpgid getpgrp getpid getppid getpt getresgid getresuid getsid getsubopt gettext gettid getuid
getusershell getw getwd gid_t gmtime gmtime_r goto grantpt greg_t gregs gregset_t group_member
gs gsignal handle_bytes handle_type hypot hypotf hypotf128 hypotf32 hypotf32x hypotf64 hypotf64x
hypotl id_t idtype_t ilogb ilogbf ilogbf128 ilogbf32 ilogbf32x ilogbf64 ilogbf64x ilogbl index
initstate initstate_r inline ino64_t ino_t instead int int16_t int32_t int64_t int8_t
int_fast16_t int_fast32_t int_fast64_t int_fast8_t int_least16_t int_least32_t int_least64_t
int_least8_t intmax_t intptr_t iov_base iov_len iovec isalnum isalpha isascii isatty isblank
iscanonical iscntrl isdigit iseqsig isfinite isgraph isgreater isgreaterequal isinf isinff
isinfl isless islessequal islessgreater islower isnan isnanf isnanl isnormal isprint ispunct
issignaling isspace issubnormal isunordered isupper iswblank isxdigit iszero it_interval
it_value itimerspec j0 j0f j0f128 j0f32 j0f32x j0f64 j0f64x j0l j1 j1f j1f128 j1f32 j1f32x j1f64
j1f64x j1l jitcnt jitter jn jnf jnf128 jnf32 jnf32x jnf64 jnf64x jnl jrand48 jrand48_r key_t
kill kill_dependency killpg l64a l_len l_pid l_start l_type l_whence labs lchown lcong48
lcong48_r ldexp ldexpf ldexpf128 ldexpf32 ldexpf32x ldexpf64 ldexpf64x ldexpl ldiv ldiv_t lgamma
lgamma_r lgammaf lgammaf128 lgammaf128_r lgammaf32 lgammaf32_r lgammaf32x lgammaf32x_r lgammaf64
lgammaf64_r lgammaf64x lgammaf64x_r lgammaf_r lgammal lgammal_r link linkat linux list
list_op_pending llabs lldiv lldiv_t llogb llogbf llogbf128 llogbf32 llogbf32x llogbf64 llogbf64x
llogbl llrint llrintf llrintf128 llrintf32 llrintf32x llrintf64 llrintf64x llrintl llround
llroundf llroundf128 llroundf32 llroundf32x llroundf64 llroundf64x llroundl locale_t localtime
localtime_r lockf lockf64 loff_t log log10 log10f log10f128 log10f32 log10f32x log10f64
log10f64x log10l log1p log1pf log1pf128 log1pf32 log1pf32x log1pf64 log1pf64x log1pl log2 log2f
log2f128 log2f32 log2f32x log2f64 log2f64x log2l logb logbf logbf128 logbf32 logbf32x logbf64
logbf64x logbl logf logf128 logf32 logf32x logf64 logf64x logl long lrand48 lrand48_r lrint
lrintf lrintf128 lrintf32 lrintf32x lrintf64 lrintf64x lrintl lround lroundf lroundf128
lroundf32 lroundf32x lroundf64 lroundf64x lroundl lseek lseek64 madvise magic1 malloc
math_errhandling maxerror mblen mbstowcs mbtowc mcontext_t memccpy memchr memcmp memcpy
memfd_create memfrob memmem memmove mempcpy memrchr memset mincore mkdtemp mkostemp mkostemp64
mkostemps mkostemps64 mkstemp mkstemp64 mkstemps mkstemps64 mktemp mktime mlock mlock2 mlockall
mmap mmap64 mode_t modes modf modff modff128 modff32 modff32x modff64 modff64x modfl mprotect
mrand48 mrand48_r mremap msync munlock munlockall munmap mxcr_mask mxcsr name_to_handle_at nan
nanf nanf128 nanf32 nanf32x nanf64 nanf64x nanl nanosleep nearbyint nearbyintf nearbyintf128
nearbyintf32 nearbyintf32x nearbyintf64 nearbyintf64x nearbyintl next nextafter nextafterf
nextafterf128 nextafterf32 nextafterf32x nextafterf64 nextafterf64x nextafterl nextdown
nextdownf nextdownf128 nextdownf32 nextdownf32x nextdownf64 nextdownf64x nextdownl nexttoward
nexttowardf nexttowardl nextup nextupf nextupf128 nextupf32 nextupf32x nextupf64 nextupf64x
nextupl nice nlink_t nrand48 nrand48_r obstack obstack_printf obstack_vprintf off64_t off_t
offset oldmask on_exit open open64 open_by_handle_at open_memstream openat openat64 optarg
opterr optind optopt pathconf pause pclose perror pid pid_t pidfd pipe pipe2 pkey_alloc
pkey_free pkey_get pkey_mprotect pkey_set popen posix_fadvise posix_fadvise64 posix_fallocate
posix_fallocate64 posix_madvise posix_memalign posix_openpt pow powf powf128 powf32 powf32x
powf64 powf64x powl ppsfreq prctl prctl_mm_map pread pread64 precision printf printf_unlocked
process_madvise process_mrelease profil program_invocation_name program_invocation_short_name
pselect psiginfo psignal ptsname ptsname_r putc putc_unlocked putchar putchar_unlocked putenv
puts putw pwrite pwrite64 qecvt qecvt_r qfcvt qfcvt_r qgcvt qsort qsort_r quad_t quick_exit quot
r10 r11 r12 r13 r14 r15 r8 r9 rand rand_deg rand_r rand_sep rand_type random random_data
random_r rawmemchr rax rbp rbx rcx rdi rdp rdx read readahead readlink readlinkat realloc
reallocarray realpath register register_t rem remainder remainderf remainderf128 remainderf32
remainderf32x remainderf64 remainderf64x remainderl remap_file_pages remove remquo remquof
remquof128 remquof32 remquof32x remquof64 remquof64x remquol rename renameat renameat2 restrict
revoke rewind rindex rint rintf rintf128 rintf32 rintf32x rintf64 rintf64x rintl rip rmdir
robust_list robust_list_head round roundeven roundevenf roundevenf128 roundevenf32 roundevenf32x
roundevenf64 roundevenf64x roundevenl roundf roundf128 roundf32 roundf32x roundf64 roundf64x
roundl rpmatch rptr rsi rsp rusage sbrk scalb scalbf scalbl scalbln scalblnf scalblnf128
scalblnf32 scalblnf32x scalblnf64 scalblnf64x scalblnl scalbn scalbnf scalbnf128 scalbnf32
scalbnf32x scalbnf64 scalbnf64x scalbnl scanf secure_getenv seed48 seed48_r seek select setbuf
setbuffer setdomainname setegid setenv seteuid setgid sethostid sethostname setlinebuf setlogin
setns setpayload setpayloadf setpayloadf128 setpayloadf32 setpayloadf32x setpayloadf64
setpayloadf64x setpayloadl setpayloadsig setpayloadsigf setpayloadsigf128 setpayloadsigf32
setpayloadsigf32x setpayloadsigf64 setpayloadsigf64x setpayloadsigl setpgid setpgrp setregid
setresgid setresuid setreuid setsid setstate setstate_r setuid setusershell setvbuf shift
shm_open shm_unlink short sig_atomic_t sig_t sigabbrev_np sigaction sigaddset sigaltstack
sigandset sigblock sigcontext sigdelset sigdescr_np sigemptyset sigev_notify
sigev_notify_attributes sigev_notify_function sigev_signo sigev_value sigevent sigevent_t
sigfillset siggetmask sighandler_t sighold sigignore siginfo_t siginterrupt sigisemptyset
sigismember sigmask signal signbit signed signgam significand significandf significandl sigorset
sigpause sigpending sigprocmask sigqueue sigrelse sigreturn sigset sigset_t sigsetmask sigstack
sigsuspend sigtimedwait sigval sigval_t sigwait sigwaitinfo sin sincos sincosf sincosf128
sincosf32 sincosf32x sincosf64 sincosf64x sincosl sinf sinf128 sinf32 sinf32x sinf64 sinf64x
sinh sinhf sinhf128 sinhf32 sinhf32x sinhf64 sinhf64x sinhl sinl sival_int sival_ptr size_t
sizeof sleep snprintf socklen_t splice sprintf sqrt sqrtf sqrtf128 sqrtf32 sqrtf32x sqrtf64
sqrtf64x sqrtl srand srand48 srand48_r srandom srandom_r sscanf ssignal ssize_t st_atim st_atime
st_blksize st_blocks st_ctim st_ctime st_dev st_gid st_ino st_mode st_mtim st_mtime st_nlink
st_rdev st_size st_uid stabil stack_t start_brk start_code start_data start_stack stat stat64
state static static_assert status stbcnt stderr stdin stdout stpcpy stpncpy strcasecmp
strcasecmp_l strcasestr strcat strchr strchrnul strcmp strcoll strcoll_l strcpy strcspn strdup
strdupa strerror strerror_l strerror_r strerrordesc_np strerrorname_np strfmon strfromd strfromf
strfromf128 strfromf32 strfromf32x strfromf64 strfromf64x strfroml strfry strftime strftime_l
strlen strncasecmp strncasecmp_l strncat strncmp strncpy strndup strndupa strnlen strpbrk
strptime strptime_l strrchr strsep strsignal strspn strstr struct strverscmp strxfrm strxfrm_l
suseconds_t swab swd switch symlink symlinkat sync sync_file_range syncfs syscall sysconf system
sysv_signal tai tan tanf tanf128 tanf32 tanf32x tanf64 tanf64x tanh tanhf tanhf128 tanhf32
tanhf32x tanhf64 tanhf64x tanhl tanl tcgetpgrp tcsetpgrp tee tempnam tgamma tgammaf tgammaf128
tgammaf32 tgammaf32x tgammaf64 tgammaf64x tgammal tgkill the tick time time_t timegm timelocal
timer_create timer_delete timer_getoverrun timer_gettime timer_settime timer_t timespec
timespec_get timespec_getres timeval timex timezone tm tmpfile tmpfile64 tmpnam tmpnam_r toascii
tolerance tolower totalorder totalorderf totalorderf128 totalorderf32 totalorderf32x
totalorderf64 totalorderf64x totalorderl totalordermag totalordermagf totalordermagf128
totalordermagf32 totalordermagf32x totalordermagf64 totalordermagf64x totalordermagl toupper
trapno true trunc truncate truncate64 truncf truncf128 truncf32 truncf32x truncf64 truncf64x
truncl ttyname ttyname_r ttyslot type typedef typeof tzname tzset u_char u_int u_int16_t
u_int32_t u_int64_t u_int8_t u_long u_quad_t u_short uaddr ualarm ucontext_t ufromfp ufromfpf
ufromfpf128 ufromfpf32 ufromfpf32x ufromfpf64 ufromfpf64x ufromfpl ufromfpx ufromfpxf
ufromfpxf128 ufromfpxf32 ufromfpxf32x ufromfpxf64 ufromfpxf64x ufromfpxl uid_t uint uint16_t
uint32_t uint64_t uint8_t uint_fast16_t uint_fast32_t uint_fast64_t uint_fast8_t uint_least16_t
uint_least32_t uint_least64_t uint_least8_t uintmax_t uintptr_t ulong ungetc union unix unlink
unlinkat unlockpt unsetenv unshare unsigned use useconds_t ushort usleep va_list val valloc
vasprintf vdprintf vfork vfprintf vfscanf vhangup vmsplice void volatile vprintf vscanf
vsnprintf vsprintf vsscanf wait wait3 wait4 waitid waitpid wchar_t wcstombs wctomb write
xstate_bv xstate_hdr xstate_size y0 y0f y0f128 y0f32 y0f32x y0f64 y0f64x y0l y1 y1f y1f128 y1f32
y1f32x y1f64 y1f64x y1l ymmh ymmh_space yn ynf ynf128 ynf32 ynf32x ynf64 ynf64x ynl
"""

NAMES = frozenset(_NAMES.split())
"""Keywords, functions, types and macros of the headers that a translation includes."""

PREFIXES = re.compile(
    r"_[A-Z_]|kit_|linux|E[A-Z0-9]+$|W[A-Z]+$|(AT|ATOMIC|CLD|CLOCK|CLONE|FUTEX|INT|MAP|PR|PROT|"
    r"PTHREAD|SCHED|SC|SEEK|SIG|SYS|UINT|atomic|memory|pthread|sched|sem|sig|strto)_?\w*$|"
    r"[A-Z]+_[A-Z0-9_]*$"
)
"""Beginnings of more of them, and of what a recorded run adds."""


def is_reserved(name: str) -> bool:
    """Tell whether a name means something in C or its library."""
    return name in NAMES or PREFIXES.match(name) is not None
